import { ConnectionMetrics } from '../../collect/connection-metrics';
import type { Feed } from '../../collect/feed';
import { CheckNetwork } from '../../collect/netcheck';
import { OnDemandPings } from '../../collect/on-demand-pings';
import { TailnetWatch } from '../../collect/tailnet-watch';
import { WatchTransitions } from '../../collect/watch-transitions';
import type { Config } from '../../config/config';
import { HOUR, MINUTE, SECOND } from '../../util/time';
import type { Source } from './source';
import type { Storage } from './storage';

/** What looks at the tailnet, each with what it knew before the last stop. */
export type Observers = {
  tailnet: TailnetWatch;
  connections: ConnectionMetrics;
  pings: OnDemandPings;
  transitions: WatchTransitions;
  network: CheckNetwork;
};

export async function buildObservers(
  config: Config,
  { tailscale }: Source,
  { stores }: Storage,
  feed: Feed,
): Promise<Observers> {
  const interval = config.connectionIntervalMs;
  const tailnet = new TailnetWatch(tailscale, stores);
  await tailnet.restore();
  const connections = new ConnectionMetrics(
    everyInterval(interval),
    tailscale,
    tailnet,
    stores,
    config.criticalNodes,
  );
  await connections.restore();
  const pings = new OnDemandPings((device) => connections.ping(device));
  const believedMs = interval * 1.5 + 30 * SECOND;
  const transitions = new WatchTransitions(tailnet, connections, stores, feed, believedMs);
  const network = new CheckNetwork(tailscale, stores);
  await network.restore();
  return { tailnet, connections, pings, transitions, network };
}

/** The cron expression of an interval that divides an hour (`CONNECTION_INTERVAL_SECONDS`). */
function everyInterval(ms: number): string {
  if (ms < MINUTE) return `*/${ms / SECOND} * * * * *`;
  return ms < HOUR ? `0 */${ms / MINUTE} * * * *` : '0 0 * * * *';
}
