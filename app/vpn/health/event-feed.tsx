'use client';

import type { EventsResponse, MonitoredDeviceResponse } from '@/lib/api/health-schemas';
import { EVENT_KINDS } from '@/lib/domain/event';
import { formatQuantity } from '@/lib/domain/format';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { useZone } from '../../_ui/zone';
import { EVENT_WORDS, type EventView } from '../events/event-groups';
import { EventRows, eventsCsv } from '../events/event-rows';
import { asSeenBy } from '../view';
import styles from './health.module.css';

/** As many events are in view at first. */
const FIRST = 15;

/** What changed in the tailnet, filtered by kind and device with a form, so that it works without JavaScript. */
export function EventFeed({
  events,
  view,
  collector,
  devices,
}: {
  events: EventsResponse;
  view: EventView;
  collector: string | undefined;
  devices: readonly MonitoredDeviceResponse[];
}) {
  const names = new Set([...devices, ...events.events].flatMap(({ hostname }) => hostname ?? []));
  if (view.node) names.add(view.node);
  const zone = useZone();
  const rest = events.events.slice(FIRST);
  return (
    <Panel
      title="Events"
      id="events"
      note="Last 7 days, newest first"
      csv={events.events.length > 0 ? () => eventsCsv(events.events, zone) : undefined}
    >
      <form action="/vpn/health#events" className={styles.filters}>
        <label>
          <span className="hidden">Kind of event</span>
          <select name="kind" className="control" defaultValue={view.kind ?? ''}>
            <option value="">All kinds</option>
            {EVENT_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {EVENT_WORDS[kind]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="hidden">Device</span>
          <select name="node" className="control" defaultValue={view.node ?? ''}>
            <option value="">All devices</option>
            {[...names].sort().map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {collector !== undefined && <input type="hidden" name="collector" value={collector} />}
        <button type="submit" className="control">
          Filter
        </button>
        {(view.kind || view.node) && (
          <a href={`${asSeenBy('/vpn/health', collector)}#events`}>Show all</a>
        )}
      </form>
      {events.events.length === 0 ? (
        <Empty title="Nothing changed">
          Devices that come and go, path changes and keys about to expire are listed here.
        </Empty>
      ) : (
        <>
          <EventRows events={events.events.slice(0, FIRST)} named />
          {rest.length > 0 && (
            <details className={styles.past}>
              <summary>{formatQuantity(rest.length, 'earlier event')}</summary>
              <EventRows events={rest} named />
            </details>
          )}
        </>
      )}
    </Panel>
  );
}
