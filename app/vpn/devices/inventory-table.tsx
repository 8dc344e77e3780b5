import type { DeviceResponse } from '@/lib/api/schemas';
import { olderFirst } from '@/lib/domain/versions';
import { t } from '@/lib/i18n/t';
import { Name } from '../../_ui/name';
import { RelativeTime } from '../../_ui/relative-time';
import { DeviceLink } from '../device-link';
import styles from './inventory.module.css';
import {
  type Column,
  cellValue,
  exitState,
  FLAGS,
  HEADINGS,
  NATS,
  unapprovedRoutes,
} from './inventory-columns';
import { spreadOf } from './inventory-rows';
import type { InventorySort, InventoryView } from './inventory-view';

/** The devices with the columns that were chosen; on a phone, a block for each. */
export function InventoryTable({
  rows,
  devices,
  view,
  hrefOf,
}: {
  rows: readonly DeviceResponse[];
  devices: readonly DeviceResponse[];
  view: InventoryView;
  hrefOf: (change: Partial<InventoryView>) => string;
}) {
  const { newest } = spreadOf(devices);
  const next = (key: InventorySort['key']): InventorySort => ({
    key,
    descending: view.sort.key === key && !view.sort.descending,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section className={styles.scroll} aria-label={t('inventory.caption')} tabIndex={0}>
      <table className={styles.table}>
        <caption className="hidden">{t('inventory.caption')}</caption>
        <thead>
          <tr>
            {(['name', ...view.columns] as const).map((key) => (
              <th key={key} scope="col" data-column={key} aria-sort={ariaSort(view.sort, key)}>
                <a href={hrefOf({ sort: next(key) })}>{t(HEADINGS[key])}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((device) => (
            <tr key={device.id}>
              <th scope="row">
                <DeviceLink id={device.id}>
                  <Name text={device.hostname} />
                </DeviceLink>
              </th>
              {view.columns.map((column) => (
                <td
                  key={column}
                  data-column={column}
                  data-label={t(HEADINGS[column])}
                  data-none={cellValue(column, device) === '' || undefined}
                >
                  <Cell column={column} device={device} newest={newest} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ariaSort({ key, descending }: InventorySort, column: InventorySort['key']) {
  if (key !== column) return undefined;
  return descending ? 'descending' : 'ascending';
}

const EXITS = {
  in_use: 'inventory.exit_in_use',
  approved: 'inventory.exit_approved',
  offered: 'inventory.exit_offered',
  no: 'inventory.no',
} as const;

function Cell({
  column,
  device,
  newest,
}: {
  column: Column;
  device: DeviceResponse;
  newest: string | null;
}) {
  const value = cellValue(column, device);
  switch (column) {
    case 'exit':
      return t(EXITS[exitState(device)]);
    case 'nat':
      return device.inventory?.nat ? t(NATS[device.inventory.nat]) : <NotKnown />;
    case 'container':
      return value === 'yes' || value === 'no' ? t(FLAGS[value]) : <NotKnown />;
    case 'expiry':
      return <Expiry device={device} />;
    case 'seen':
      return device.online ? t('inventory.online') : <Time iso={device.last_seen} />;
    case 'created':
    case 'first_seen':
      return <Time iso={value} />;
    case 'routes':
      return <RoutesOf device={device} />;
    case 'version': {
      const isBehind = value !== null && newest !== null && olderFirst(value, newest) < 0;
      return value === null ? <NotKnown /> : <span data-behind={isBehind}>{value}</span>;
    }
    default:
      if (value === null) return <NotKnown />;
      return value === '' ? <span className={styles.dim}>—</span> : <Name text={value} />;
  }
}

const NotKnown = () => <span className={styles.dim}>{t('inventory.notKnown')}</span>;

const Time = ({ iso }: { iso: string | null }) =>
  iso === null ? <NotKnown /> : <RelativeTime iso={iso} />;

function Expiry({ device: { key_expiry, expired } }: { device: DeviceResponse }) {
  if (expired) return <span data-expired="true">{t('inventory.expired')}</span>;
  return key_expiry === null ? t('inventory.never') : <RelativeTime iso={key_expiry} />;
}

function RoutesOf({ device }: { device: DeviceResponse }) {
  const unapproved = unapprovedRoutes(device) ?? [];
  if (device.subnet_routes.length + unapproved.length === 0) {
    return <span className={styles.dim}>—</span>;
  }
  return (
    <>
      {device.subnet_routes.length > 0 && <Name text={device.subnet_routes.join(' ')} />}
      {unapproved.length > 0 && (
        <span data-unapproved="true">
          {t('inventory.notApproved', { routes: unapproved.join(' ') })}
        </span>
      )}
    </>
  );
}
