import type { Alert } from '../domain/alert';
import { shownId } from '../domain/collector-id';
import type { LiveEvent } from '../domain/live-event';
import type { Snapshot } from './snapshot';

const MOST_REMEMBERED = 20_000;
/** Alerts resolved before these are not news. */
const PAST_ALERTS = 20;

/** Publishes what is new in each snapshot, once. */
export class LiveNews {
  private readonly collectors = new Set<string>();
  private readonly started = new Set<string>();

  constructor(private readonly publish: (event: LiveEvent) => void) {}

  /** Publishes what the last snapshots of this collector did not have; the first has no news. */
  tell(collector: string, { events, alerts, pastAlerts }: Snapshot): void {
    const isFirst = !this.started.has(collector);
    this.started.add(collector);
    const news: [string, LiveEvent][] = [
      ...events.toReversed().map(keyOfEvent),
      ...[...alerts.open, ...pastAlerts.slice(0, PAST_ALERTS)].map((alert) =>
        keyOfAlert(collector, alert),
      ),
    ];
    for (const [key, event] of news) {
      const unique = `${collector} ${key}`;
      if (this.collectors.has(unique)) continue;
      this.collectors.add(unique);
      if (!isFirst) this.publish(event);
    }
    for (const oldest of this.collectors) {
      if (this.collectors.size <= MOST_REMEMBERED) break;
      this.collectors.delete(oldest);
    }
  }
}

function keyOfEvent(event: Snapshot['events'][number]): [string, LiveEvent] {
  return [`event ${event.id} ${event.time}`, { event }];
}

function keyOfAlert(collector: string, alert: Alert): [string, LiveEvent] {
  const { id, state, severity, acknowledgedAt } = alert;
  const shown = { ...alert, id: shownId(collector, id) };
  return [`alert ${id} ${state} ${severity} ${acknowledgedAt}`, { alert: shown }];
}
