'use client';

import type { EventsResponse } from '@/lib/api/health-schemas';
import { Empty } from '../../../_ui/empty';
import { Panel } from '../../../_ui/panel';
import { useZone } from '../../../_ui/zone';
import { EventRows, eventsCsv } from '../../events/event-rows';
import { asSeenBy } from '../../view';
import { type DeviceView, hoursWords } from './device-view';

/** The events of one device in the range. */
export function DeviceEvents({
  events,
  view,
  node,
}: {
  events: EventsResponse;
  view: DeviceView;
  /** What the device is called in an address. */
  node: string;
}) {
  const zone = useZone();
  const all = asSeenBy(`/vpn/health?${new URLSearchParams({ node })}`, view.collector);
  return (
    <Panel
      title="Events"
      note={<a href={`${all}#events`}>All events</a>}
      csv={events.events.length > 0 ? () => eventsCsv(events.events, zone) : undefined}
    >
      {events.events.length === 0 ? (
        <Empty title={`Nothing changed ${hoursWords(view.hours).during}`} />
      ) : (
        <EventRows events={events.events} named={false} />
      )}
    </Panel>
  );
}
