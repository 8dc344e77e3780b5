'use client';

import type { EventsResponse } from '@/lib/api/health-schemas';
import { t } from '@/lib/i18n/t';
import { Empty } from '../../../_ui/empty';
import { Panel } from '../../../_ui/panel';
import { useZone } from '../../../_ui/zone';
import { EventRows, eventsCsv } from '../../events/event-rows';
import { asSeenBy } from '../../view';
import { type DeviceView, rangeDuring } from './device-view';

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
      title={t('events.title')}
      note={<a href={`${all}#events`}>{t('device.allEvents')}</a>}
      csv={events.events.length > 0 ? () => eventsCsv(events.events, zone) : undefined}
    >
      {events.events.length === 0 ? (
        <Empty title={t('device.nothingChanged', { during: rangeDuring(view.range) })} />
      ) : (
        <EventRows events={events.events} named={false} />
      )}
    </Panel>
  );
}
