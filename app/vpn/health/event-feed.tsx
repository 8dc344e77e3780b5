'use client';

import { lazy, Suspense, useId, useState } from 'react';
import type { EventsResponse } from '@/lib/api/health-schemas';
import { EVENT_KINDS } from '@/lib/domain/event';
import { t } from '@/lib/i18n/t';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { useZone } from '../../_ui/zone';
import { type EventView, eventWord } from '../events/event-groups';
import { EventRows, eventsCsv } from '../events/event-rows';
import { asSeenBy } from '../view';
import styles from './health.module.css';

const DeviceOptions = lazy(() => import('./device-options'));

/** As many events are in view at first. */
const FIRST = 15;

/** What changed in the tailnet, filtered by kind and device with a form, so that it works without JavaScript. */
export function EventFeed({
  events,
  view,
  collector,
}: {
  events: EventsResponse;
  view: EventView;
  collector: string | undefined;
}) {
  const list = useId();
  const [suggesting, setSuggesting] = useState(false);
  const zone = useZone();
  const rest = events.events.slice(FIRST);
  return (
    <Panel
      title={t('events.title')}
      id="events"
      note={t('events.note')}
      csv={events.events.length > 0 ? () => eventsCsv(events.events, zone) : undefined}
    >
      <form action="/vpn/health#events" className={styles.filters}>
        <label>
          <span className="hidden">{t('events.kindLabel')}</span>
          <select name="kind" className="control" defaultValue={view.kind ?? ''}>
            <option value="">{t('events.allKinds')}</option>
            {EVENT_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {eventWord(kind)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="hidden">{t('events.deviceLabel')}</span>
          <input
            name="node"
            className="control"
            defaultValue={view.node ?? ''}
            placeholder={t('events.allDevices')}
            list={list}
            autoComplete="off"
            spellCheck={false}
            maxLength={300}
            onFocus={() => setSuggesting(true)}
          />
          <datalist id={list}>
            {suggesting && (
              <Suspense>
                <DeviceOptions collector={collector} />
              </Suspense>
            )}
          </datalist>
        </label>
        {collector !== undefined && <input type="hidden" name="collector" value={collector} />}
        <button type="submit" className="control">
          {t('events.filter')}
        </button>
        {(view.kind || view.node) && (
          <a href={`${asSeenBy('/vpn/health', collector)}#events`}>{t('events.showAll')}</a>
        )}
      </form>
      {events.events.length === 0 ? (
        <Empty title={t('events.emptyTitle')}>{t('events.empty')}</Empty>
      ) : (
        <>
          <EventRows events={events.events.slice(0, FIRST)} named />
          {rest.length > 0 && (
            <details className={styles.past}>
              <summary>{t('events.earlier', { count: rest.length })}</summary>
              <EventRows events={rest} named />
            </details>
          )}
        </>
      )}
    </Panel>
  );
}
