import { notifiersFor } from '../../alerts/channels';
import { AlertEngine } from '../../alerts/engine';
import { Outbox } from '../../alerts/outbox';
import type { Feed } from '../../collect/feed';
import type { Config } from '../../config/config';
import { zoneNamed } from '../../domain/time-zone';
import type { Observers } from './observers';
import type { Source } from './source';
import type { Storage } from './storage';

export type Alerts = { engine: AlertEngine; outboxes: Outbox[] };

/** Creates the alert engine and an outbox per channel; a simulation has no channel. */
export function buildAlerts(
  config: Config,
  { isDemo }: Source,
  { stores: store }: Storage,
  feed: Feed,
  { tailnet }: Observers,
): Alerts {
  const { timeZone, language } = config;
  const notifiers = isDemo ? [] : notifiersFor({ ...config.alerts, timeZone, language });
  const { routes, quiet } = config.alerts;
  const zone = zoneNamed(timeZone);
  const deviceOf = (nodeId: string) =>
    tailnet.view().status?.devices.find(({ id }) => id === nodeId) ?? null;
  const outboxes = notifiers.map((notifier) => {
    const policy = { routes: routes[notifier.name] ?? null, quiet, zone, deviceOf };
    return new Outbox({ store, notifier, policy });
  });
  const engine = new AlertEngine({ store, channels: outboxes.map(({ channel }) => channel) });
  engine.subscribe(({ alert }) => feed.publish({ alert }));
  return { engine, outboxes };
}
