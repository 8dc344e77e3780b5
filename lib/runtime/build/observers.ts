import { ConnectionMetrics } from '../../collect/connection-metrics';
import { CountTraffic } from '../../collect/count-traffic';
import { believedFor, DeviceJudge } from '../../collect/device-judge';
import type { Feed } from '../../collect/feed';
import { KeepInventory } from '../../collect/keep-inventory';
import { CheckNetwork } from '../../collect/netcheck';
import { OnDemandPings } from '../../collect/on-demand-pings';
import { ProbeDevices } from '../../collect/probe-devices';
import { Prober } from '../../collect/prober';
import { TailnetWatch } from '../../collect/tailnet-watch';
import { WatchMap } from '../../collect/watch-map';
import { WatchTransitions } from '../../collect/watch-transitions';
import type { Config } from '../../config/config';
import { everyInterval } from '../../domain/schedule';
import type { Source } from './source';
import type { Storage } from './storage';

/** The observers of the tailnet, each with what it knew before the last stop. */
export type Observers = {
  tailnet: TailnetWatch;
  prober: Prober;
  judge: DeviceJudge;
  probes: ProbeDevices;
  connections: ConnectionMetrics;
  pings: OnDemandPings;
  transitions: WatchTransitions;
  traffic: CountTraffic;
  map: WatchMap;
  inventory: KeepInventory;
  network: CheckNetwork;
};

export async function buildObservers(
  config: Config,
  { tailscale }: Source,
  { stores }: Storage,
  feed: Feed,
): Promise<Observers> {
  const interval = config.connectionIntervalMs;
  const prober = new Prober(tailscale);
  const tailnet = new TailnetWatch(tailscale, stores, prober);
  await tailnet.restore();
  const connections = new ConnectionMetrics(
    everyInterval(interval),
    prober,
    tailnet,
    stores,
    config.criticalDevices,
  );
  await connections.restore();
  const critical = () => connections.critical(tailnet.view().status?.devices ?? []);
  const judge = new DeviceJudge(tailnet, prober, believedFor(interval), critical);
  const probes = new ProbeDevices(prober, tailnet, connections);
  const traffic = new CountTraffic(tailscale, judge, stores);
  await traffic.restore();
  tailnet.subscribe((answer, { at, wasAway }) => {
    prober.heard(at);
    judge.look(wasAway);
    connections.look();
    probes.look(wasAway);
    traffic.look(answer);
  });
  const pings = new OnDemandPings((device) => connections.ping(device));
  const transitions = new WatchTransitions(tailnet, judge, stores, feed);
  await transitions.restore();
  const map = new WatchMap(tailscale);
  const inventory = new KeepInventory(tailnet, map, stores, feed);
  await inventory.restore();
  const network = new CheckNetwork(tailscale, stores);
  await network.restore();
  return {
    ...{ tailnet, prober, judge, probes, connections, pings, transitions, traffic },
    ...{ map, inventory, network },
  };
}
