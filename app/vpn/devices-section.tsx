'use client';

import { useSearchParams } from 'next/navigation';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { DevicesResponse } from '@/lib/api/schemas';
import { formatCount, formatRelative } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { MINUTE } from '@/lib/util/time';
import { useClock, useHydrated } from '../_ui/clock';
import { Empty } from '../_ui/empty';
import { Panel } from '../_ui/panel';
import { rich } from '../_ui/rich';
import { useStableOrder } from '../_ui/stable-order';
import { useZone } from '../_ui/zone';
import { visibleColumns } from './device-columns';
import { devicesCsv } from './device-csv';
import { DeviceFilters } from './device-filters';
import { NO_FILTERS, parseDeviceList, withDeviceList } from './device-list-view';
import { filterDevices, type Sort, sortDevices } from './device-order';
import { DeviceTable } from './device-table';
import styles from './devices-section.module.css';
import { viewQuery } from './view';
import { useView } from './view-context';

const VirtualTable = lazy(() => import('./device-virtual-table'));
const FEW = 15;
const FEW_ON_PHONE = 8;
const MANY = 200;

/**
 * Every device of the tailnet, worst first; searched, filtered and sorted in the browser. Shows the first few, then
 * all; more than 200 are virtualised.
 */
export function DevicesSection({
  devices,
  firing,
  error,
}: {
  devices: DevicesResponse | null;
  /** The ids of those with a critical alert. */
  firing: ReadonlySet<string>;
  error: Error | undefined;
}) {
  const { view } = useView();
  const zone = useZone();
  const hydrated = useHydrated();
  const [list, setList] = useDeviceList();
  const { filters, sort, all } = list;
  const setFilters = (next: typeof filters) => setList({ ...list, filters: next });
  const setSort = (next: Sort) => setList({ ...list, sort: next });
  const now = useClock((time) => Math.floor(time / MINUTE) * MINUTE);
  const age = useClock((time) =>
    devices ? formatRelative(Date.parse(devices.generated_at), time) : '',
  );
  const matching = useMemo(
    () => sortDevices(filterDevices(devices?.devices ?? [], filters), sort, now, firing),
    [devices, filters, sort, now, firing],
  );
  const intent = JSON.stringify([sort, filters]);
  const { ordered: rows, props } = useStableOrder(matching, (device) => device.id, intent);

  if (!devices) {
    return (
      <Panel title={t('deviceList.title')} id="devices">
        <Empty title={t('deviceList.notAnswered')}>
          {error?.message ?? t('deviceList.appear')}
        </Empty>
      </Panel>
    );
  }

  const total = devices.counts.total;
  const narrowed = filters !== NO_FILTERS;
  const count = narrowed ? rows.length : total;
  const table = {
    few: !all,
    columns: visibleColumns(devices.devices),
    rows: rows.slice(0, all ? MANY : FEW),
    now,
    sort,
    onSort: setSort,
  };
  return (
    <Panel
      title={t('deviceList.title')}
      id="devices"
      note={
        <span data-stale={devices.stale} className={styles.note}>
          {noteWords({ count, total, isSorted: sort !== null, age: devices.stale ? age : null })}
        </span>
      }
      csv={() => devicesCsv(rows, zone)}
    >
      <DeviceFilters filters={filters} onFilter={setFilters} sort={sort} onSort={setSort} />
      {count === 0 ? (
        <Empty title={t(total === 0 ? 'deviceList.none' : 'deviceList.noMatch')}>
          {narrowed && (
            <button type="button" className="control" onClick={() => setFilters(NO_FILTERS)}>
              {t('deviceList.showEvery')}
            </button>
          )}
        </Empty>
      ) : (
        <div className={styles.container} {...props}>
          {all && hydrated && rows.length > MANY ? (
            <Suspense fallback={<DeviceTable {...table} />}>
              <VirtualTable {...table} rows={rows} />
            </Suspense>
          ) : (
            <DeviceTable {...table} />
          )}
        </div>
      )}
      {count > FEW_ON_PHONE && (
        <a
          className={count > FEW ? 'show-all' : `show-all ${styles.phone}`}
          href={`/vpn?${viewQuery(view)}&devices=${all ? 'few' : 'all'}#devices`}
          onClick={(event) => {
            event.preventDefault();
            setList({ ...list, all: !all });
          }}
        >
          {rich(all ? 'deviceList.showFewer' : 'deviceList.showAll', {
            count: formatCount(count),
            hidden: (words) => <span className="hidden">{words}</span>,
          })}
        </a>
      )}
    </Panel>
  );
}

/** Says how many devices are listed, in which order, and of when. */
function noteWords(listed: {
  count: number;
  total: number;
  isSorted: boolean;
  /** `null`: they are those of now. */
  age: string | null;
}): string {
  const total = formatCount(listed.total);
  const all = listed.count === listed.total;
  let words = all ? total : t('deviceList.someOf', { count: formatCount(listed.count), total });
  if (!listed.isSorted) words = t('deviceList.inOrder', { count: words });
  return listed.age === null
    ? words
    : t('deviceList.asTheyWere', { count: words, age: listed.age });
}

const WRITTEN_AFTER_MS = 300;

/** What the list shows: at first what the address says; the address follows, so that it can be kept and passed on. */
function useDeviceList() {
  const params = useSearchParams().toString();
  const [list, setList] = useState(() => parseDeviceList(new URLSearchParams(params)));
  useEffect(() => {
    const timer = setTimeout(() => {
      const address = new URL(window.location.href);
      const changed = withDeviceList(address, list);
      if (changed !== address) window.history.replaceState(null, '', changed);
    }, WRITTEN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [list]);
  return [list, setList] as const;
}
