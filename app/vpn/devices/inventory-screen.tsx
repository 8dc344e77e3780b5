'use client';

import { useSearchParams } from 'next/navigation';
import type { ChangesResponse } from '@/lib/api/inventory-schemas';
import type { DeviceResponse, DevicesResponse } from '@/lib/api/schemas';
import type { Loaded } from '@/lib/calls/call';
import { inventoryCalls } from '@/lib/calls/page-calls';
import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { MINUTE } from '@/lib/util/time';
import { ClockProvider, useClock } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { usePolling } from '../../_ui/polling';
import frame from '../dashboard.module.css';
import { StaleNotice } from '../freshness';
import styles from './inventory.module.css';
import { InventoryChanges } from './inventory-changes';
import type { Column } from './inventory-columns';
import { InventoryExports } from './inventory-exports';
import { InventoryFilters } from './inventory-filters';
import { inventoryCsv, isShownBy, rowsOf, spreadOf } from './inventory-rows';
import { InventoryTable } from './inventory-table';
import { type InventoryView, inventoryHref, parseInventoryView, SHOWS } from './inventory-view';
import { VersionSpread } from './version-spread';

const DEVICES_MS = 10_000;
/** A page of more rows takes a phone long to lay out. */
const PER_PAGE = 100;
const SHOW_LABELS = {
  behind: 'inventory.show_behind',
  unseen30: 'inventory.show_unseen30',
  unseen90: 'inventory.show_unseen90',
  expiring: 'inventory.show_expiring',
  unapproved: 'inventory.show_unapproved',
} as const;

export type InventoryPage = { devices: Loaded<DevicesResponse>; changes: Loaded<ChangesResponse> };
type Props = { initial: InventoryPage; remembered: readonly Column[] };

/** The devices of the tailnet and what has changed of them, kept up to date in the browser. */
export function InventoryScreen({ now, ...props }: Props & { now: number }) {
  return (
    <ClockProvider now={now}>
      <LiveInventory {...props} />
    </ClockProvider>
  );
}

function LiveInventory({ initial, remembered }: Props) {
  const params = new URLSearchParams(useSearchParams().toString());
  const view = parseInventoryView(params, remembered);
  const calls = inventoryCalls(view.collector);
  const polled = usePolling(calls.devices, DEVICES_MS, initial.devices);
  const changes = usePolling(calls.changes, MINUTE, initial.changes);
  const minute = useClock((now) => Math.floor(now / MINUTE) * MINUTE);
  const { devices } = polled.data ?? initial.devices.initial;
  const rows = rowsOf(devices, view, minute);
  const hrefOf = (change: Partial<InventoryView>) =>
    inventoryHref({ ...view, page: 1, ...change }, remembered);
  const pages = Math.max(1, Math.ceil(rows.length / PER_PAGE));
  const page = Math.min(view.page, pages);
  const shown = rows.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return (
    <main id="main" className={frame.page}>
      <div className={frame.top}>
        <h1 className={styles.title}>{t('inventory.title')}</h1>
        <p className={styles.sentence}>{versionSentence(devices)}</p>
        {polled.error && <StaleNotice answeredAt={polled.answeredAt} error={polled.error} />}
      </div>
      <div className={frame.sections}>
        <VersionSpread devices={devices} view={view} hrefOf={hrefOf} />
        <Panel
          id="devices"
          title={t('inventory.devices')}
          note={t('inventory.someOf', { count: rows.length, total: devices.length })}
          csv={() => inventoryCsv(rows, view.columns)}
        >
          <Shows devices={devices} view={view} now={minute} hrefOf={hrefOf} />
          <InventoryFilters key={JSON.stringify(view)} devices={devices} view={view} />
          {rows.length === 0 ? (
            <Empty title={t('inventory.noneTitle')}>
              <a href={hrefOf({ find: '', os: '', tag: '', version: '', show: null })}>
                {t('inventory.showAll')}
              </a>
            </Empty>
          ) : (
            <InventoryTable rows={shown} devices={devices} view={view} hrefOf={hrefOf} />
          )}
          {pages > 1 && <Pages count={rows.length} page={page} hrefOf={hrefOf} />}
          <InventoryExports rows={rows} />
        </Panel>
        <InventoryChanges {...(changes.data ?? initial.changes.initial)} />
      </div>
    </main>
  );
}

/** Which devices are listed, and links to the others. */
function Pages({
  count,
  page,
  hrefOf,
}: {
  count: number;
  page: number;
  hrefOf: (change: Partial<InventoryView>) => string;
}) {
  const hrefTo = (other: number) => `${hrefOf({ page: other })}#devices`;
  const first = (page - 1) * PER_PAGE + 1;
  const last = Math.min(count, page * PER_PAGE);
  return (
    <nav aria-label={t('inventory.pages')} className={styles.pages}>
      {page > 1 && (
        <a className="control" href={hrefTo(page - 1)} rel="prev">
          {t('inventory.previous')}
        </a>
      )}
      <span>
        {t('inventory.pageOf', {
          ...{ first: formatCount(first), last: formatCount(last), total: formatCount(count) },
        })}
      </span>
      {last < count && (
        <a className="control" href={hrefTo(page + 1)} rel="next">
          {t('inventory.next')}
        </a>
      )}
    </nav>
  );
}

/** How many devices run the newest version that is in use. */
function versionSentence(devices: readonly DeviceResponse[]): string {
  const { newest, spread, unknown } = spreadOf(devices);
  if (newest === null) return t('inventory.noVersions', { count: devices.length });
  const on = spread[0]?.devices ?? 0;
  const behind = devices.length - unknown - on;
  return t('inventory.sentence', { count: devices.length, newest, on, behind, unknown });
}

function Shows({
  devices,
  view,
  now,
  hrefOf,
}: {
  devices: readonly DeviceResponse[];
  view: InventoryView;
  now: number;
  hrefOf: (change: Partial<InventoryView>) => string;
}) {
  const { newest } = spreadOf(devices);
  return (
    <nav aria-label={t('inventory.show')} className={styles.shows}>
      <a href={hrefOf({ show: null })} aria-current={view.show === null ? 'true' : undefined}>
        {t('inventory.show_all')} <b>{devices.length}</b>
      </a>
      {SHOWS.map((show) => (
        <a
          key={show}
          href={hrefOf({ show })}
          aria-current={view.show === show ? 'true' : undefined}
        >
          {t(SHOW_LABELS[show])}{' '}
          <b>{devices.filter((device) => isShownBy(show, device, newest, now)).length}</b>
        </a>
      ))}
    </nav>
  );
}
