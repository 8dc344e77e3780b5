import { notifiersFor } from '../../alerts/channels';
import { AlertEngine } from '../../alerts/engine';
import { Outbox } from '../../alerts/outbox';
import type { Feed } from '../../collect/feed';
import type { Config } from '../../config/config';
import type { Source } from './source';
import type { Storage } from './storage';

export type Alerts = { engine: AlertEngine; outboxes: Outbox[] };

/** Creates the alert engine and an outbox per channel; a simulation has no channel. */
export function buildAlerts(
  config: Config,
  { isDemo }: Source,
  { stores: store }: Storage,
  feed: Feed,
): Alerts {
  const { timeZone, language } = config;
  const notifiers = isDemo ? [] : notifiersFor({ ...config.alerts, timeZone, language });
  const outboxes = notifiers.map((notifier) => new Outbox({ store, notifier }));
  const engine = new AlertEngine({ store, channels: outboxes.map(({ channel }) => channel) });
  engine.subscribe(({ alert }) => feed.publish({ alert }));
  return { engine, outboxes };
}
