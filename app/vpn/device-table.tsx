'use client';

import type { ReactNode } from 'react';
import type { DeviceResponse } from '@/lib/api/schemas';
import { CLASSIFICATIONS } from '@/lib/domain/device';
import { formatBytes } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { classMeaning, classWord } from '../_ui/meanings';
import { Name } from '../_ui/name';
import { PathMeanings, PathState } from '../_ui/path-state';
import { RelativeTime } from '../_ui/relative-time';
import { rich } from '../_ui/rich';
import { Meanings, Tooltip } from '../_ui/tooltip';
import { DetailsLink } from './details-link';
import { via } from './device-columns';
import { keyEndsSoon, type Sort, type SortKey } from './device-order';
import styles from './device-table.module.css';
import { FilterLink } from './view-context';

/** Returns the heading of a column. */
export const columnHeading = (key: SortKey) => t(`deviceList.${key}`);

const SIZES: Record<SortKey, string> = {
  name: 'minmax(0, 2.4fr)',
  user: 'minmax(0, 1.5fr)',
  class: '5rem',
  os: '4.5rem',
  path: '7.25rem',
  via: 'minmax(0, 1.4fr)',
  rx: '4.5rem',
  tx: '4.5rem',
  seen: '5.5rem',
  expiry: '6rem',
};
const NARROW_HIDES: readonly SortKey[] = ['os', 'via', 'rx', 'tx'];
const NARROWER_HIDES: readonly SortKey[] = [...NARROW_HIDES, 'class'];
const NARROWER_SIZES = {
  ...SIZES,
  name: 'minmax(0, 1.75fr)',
  user: 'minmax(0, 1fr)',
  path: '7rem',
  seen: '5rem',
  expiry: '5.5rem',
};

export type DeviceTableProps = {
  /** Only the first are listed: eight of them on a phone. */
  few: boolean;
  rows: readonly DeviceResponse[];
  columns: readonly SortKey[];
  /** Epoch milliseconds. */
  now: number;
  sort: Sort;
  onSort: (sort: Sort) => void;
};

/** Devices, one per row. */
export function DeviceTable(props: DeviceTableProps) {
  return (
    <DeviceFrame {...props}>
      {props.rows.map((device) => (
        <DeviceRow key={device.id} device={device} columns={props.columns} now={props.now} />
      ))}
    </DeviceFrame>
  );
}

/** The table around the rows: pressing a heading sorts by it; a third press goes back to worst first. */
export function DeviceFrame({
  columns,
  sort,
  onSort,
  few,
  count,
  room,
  children,
}: Omit<DeviceTableProps, 'rows' | 'now'> & {
  /** Total number of rows, heading included, when not all are in the document. */
  count?: number;
  /** Pixels taken by the rows left out. */
  room?: { above: number; below: number };
  children: ReactNode;
}) {
  const next = (key: SortKey): Sort => {
    if (sort?.key !== key) return { key, descending: false };
    return sort.descending ? null : { key, descending: true };
  };
  const narrow = columns.filter((key) => !NARROW_HIDES.includes(key));
  const narrower = columns.filter((key) => !NARROWER_HIDES.includes(key));
  return (
    <table
      className={`grid-table ${styles.table}`}
      aria-rowcount={count}
      data-few={few}
      style={{
        '--wide': template(columns),
        '--narrow': template(narrow),
        '--narrower': template(narrower, NARROWER_SIZES),
      }}
    >
      <caption className="hidden">{t('deviceList.caption')}</caption>
      <thead>
        <tr>
          {columns.map((key) => (
            <th
              key={key}
              scope="col"
              data-column={key}
              aria-sort={
                sort?.key === key ? (sort.descending ? 'descending' : 'ascending') : undefined
              }
            >
              <Heading column={key} onPress={() => onSort(next(key))} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody style={room && { paddingTop: room.above, paddingBottom: room.below }}>
        {children}
      </tbody>
    </table>
  );
}

/** What the columns with words of their own mean. */
function columnMeaning(key: SortKey): ReactNode {
  if (key === 'path') return <PathMeanings />;
  if (key !== 'class') return null;
  return <Meanings words={CLASSIFICATIONS.map((name) => [classWord(name), classMeaning(name)])} />;
}

function Heading({ column, onPress }: { column: SortKey; onPress: () => void }) {
  const meaning = columnMeaning(column);
  const button = (describedBy?: string) => (
    <button type="button" onClick={onPress} aria-describedby={describedBy}>
      {columnHeading(column)}
    </button>
  );
  return meaning ? <Tooltip meaning={meaning}>{button}</Tooltip> : button();
}

/** One device. */
export function DeviceRow({
  device,
  columns,
  now,
  index,
}: {
  device: DeviceResponse;
  columns: readonly SortKey[];
  now: number;
  /** Its index among all rows, when not all are in the document. */
  index?: number;
}) {
  return (
    <tr aria-rowindex={index === undefined ? undefined : index + 2} data-online={device.online}>
      {columns.map((key) =>
        key === 'name' ? (
          <th key={key} scope="row" data-column={key}>
            <NameCell device={device} />
          </th>
        ) : (
          <td key={key} data-column={key}>
            <Cell column={key} device={device} now={now} />
          </td>
        ),
      )}
    </tr>
  );
}

function NameCell({ device }: { device: DeviceResponse }) {
  const title = [device.hostname, device.dns_name, ...device.addresses, ...device.tags].join('\n');
  return (
    <>
      <FilterLink filter="device" value={device.hostname} title={title} />
      <DetailsLink id={device.id} name={device.hostname} />
      {device.self && <Mark text={t('deviceList.thisDevice')} />}
      {device.exit_node && <Mark text={t('deviceList.exitNode')} />}
    </>
  );
}

/** What a device is besides; where there is no room for it and the name, the name has it. */
const Mark = ({ text }: { text: string }) => (
  <span className={styles.mark} title={text}>
    {text}
  </span>
);

function Cell({ column, device, now }: { column: SortKey; device: DeviceResponse; now: number }) {
  switch (column) {
    case 'user':
      return device.user ? (
        <FilterLink
          filter="user"
          value={device.user.login}
          title={`${device.user.name} ${device.user.login}`}
        />
      ) : (
        '—'
      );
    case 'class':
      return t(`deviceList.${device.classification}`);
    case 'os':
      return <Name text={device.os || '—'} />;
    case 'path':
      return device.self ? <span className={styles.dim}>—</span> : <PathState path={device.path} />;
    case 'via':
      return <Name text={via(device) ?? '—'} />;
    case 'rx':
      return device.rx_bytes > 0 ? formatBytes(device.rx_bytes) : '—';
    case 'tx':
      return device.tx_bytes > 0 ? formatBytes(device.tx_bytes) : '—';
    case 'seen':
      if (device.online) return t('deviceList.online');
      if (device.online === null) return t('deviceList.unknown');
      return device.last_seen ? <RelativeTime iso={device.last_seen} /> : t('deviceList.neverSeen');
    default:
      return <Expiry device={device} now={now} />;
  }
}

function Expiry({ device, now }: { device: DeviceResponse; now: number }) {
  const { key_expiry: expiry, expired } = device;
  if (expiry === null) return t(expired ? 'deviceList.expired' : 'deviceList.neverExpires');
  const state = expired ? 'expired' : keyEndsSoon(device, now) ? 'soon' : undefined;
  const time = <RelativeTime iso={expiry} />;
  return (
    <span data-expiry={state} className={styles.expiry}>
      {expired ? rich('deviceList.expiredSince', { time: () => time }) : time}
    </span>
  );
}

function template(columns: readonly SortKey[], sizes = SIZES): string {
  return columns.map((key) => sizes[key]).join(' ');
}
