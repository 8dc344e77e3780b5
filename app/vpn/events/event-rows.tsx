'use client';

import type { EventResponse } from '@/lib/api/health-schemas';
import { formatDuration, formatIso } from '@/lib/domain/format';
import type { TimeZone } from '@/lib/domain/time-zone';
import { t } from '@/lib/i18n/t';
import type { CsvTable } from '../../_ui/csv';
import { Name } from '../../_ui/name';
import { PathState } from '../../_ui/path-state';
import { ListedTime } from '../../_ui/relative-time';
import { rich } from '../../_ui/rich';
import { DeviceLink } from '../device-link';
import { asPath, type EventGroup, eventTone, eventWord, groupEvents } from './event-groups';
import styles from './event-rows.module.css';

/** Events, newest first; flapping is one row that opens. `named`: with the device of each. */
export function EventRows({ events, named }: { events: readonly EventResponse[]; named: boolean }) {
  return (
    <ul className={styles.events} data-named={named}>
      {groupEvents(events).map((group) => (
        <li key={group.newest.id} data-tone={eventTone(group.newest)}>
          <span className={styles.when}>
            <ListedTime iso={group.newest.time} />
          </span>
          {named && <Node event={group.newest} />}
          {group.events.length > 1 ? <Flapping group={group} /> : <What event={group.newest} />}
        </li>
      ))}
    </ul>
  );
}

function Node({ event: { node_id, hostname } }: { event: EventResponse }) {
  if (node_id === null) return <span className={styles.node}>{t('events.thisTailnet')}</span>;
  return (
    <span className={styles.node}>
      <DeviceLink id={node_id}>
        <Name text={hostname ?? node_id} />
      </DeviceLink>
    </span>
  );
}

function Flapping({ group: { newest, events } }: { group: EventGroup }) {
  const oldest = events.at(-1) ?? newest;
  const length = formatDuration(Date.parse(newest.time) - Date.parse(oldest.time));
  return (
    <details className={styles.what}>
      <summary>
        <strong>{t('events.pathChanges', { count: events.length, length })}</strong>
        <span>{rich('events.pathNow', { path: () => <Side word={newest.after} /> })}</span>
      </summary>
      <ol>
        {events.map((event) => (
          <li key={event.id}>
            <ListedTime iso={event.time} /> <What event={event} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function What({ event }: { event: EventResponse }) {
  const { kind, before, after } = event;
  return (
    <span className={styles.what}>
      <strong>{eventWord(kind)}</strong>
      <Detail kind={kind} before={before} after={after} />
    </span>
  );
}

function Detail({ kind, before, after }: Pick<EventResponse, 'kind' | 'before' | 'after'>) {
  switch (kind) {
    case 'path_changed':
    case 'home_region_changed':
    case 'version_changed':
    case 'owner_changed':
    case 'tags_changed':
    case 'routes_offered':
      return (
        <span>
          <Side word={before} />
          <span className="hidden"> {t('events.pathTo')} </span>
          <span aria-hidden="true">→</span>
          <Side word={after} />
        </span>
      );
    case 'key_expiring':
      return <span>{t('events.within', { count: Number(after) })}</span>;
    case 'tailscaled_health': {
      const text = () => <bdi>{(after ?? before ?? '').slice(0, 300)}</bdi>;
      return <span>{after === null ? rich('events.noLonger', { text }) : text()}</span>;
    }
    default:
      return null;
  }
}

function Side({ word }: { word: string | null }) {
  const path = asPath(word);
  return path ? <PathState path={path} /> : <Name text={word || '—'} />;
}

/** Returns the same events as CSV. */
export function eventsCsv(events: readonly EventResponse[], zone: TimeZone): CsvTable {
  return {
    name: 'events',
    header: ['time', 'node', 'event', 'before', 'after'],
    rows: events.map((event) => [
      formatIso(Date.parse(event.time), zone),
      event.hostname,
      event.kind,
      event.before,
      event.after,
    ]),
  };
}
