import type { DeviceResponse } from '@/lib/api/schemas';
import { versionSpread } from '@/lib/domain/inventory';
import { olderFirst } from '@/lib/domain/versions';
import { DAY } from '@/lib/util/time';
import type { CsvTable } from '../../_ui/csv';
import { type Column, cellValue, SORTS, unapprovedRoutes } from './inventory-columns';
import type { InventorySort, InventoryView, Show } from './inventory-view';

/** Keys are about to expire this long before. */
const EXPIRING_MS = 30 * DAY;

/** Returns the versions in use, newest first. */
export const spreadOf = (devices: readonly DeviceResponse[]) =>
  versionSpread(devices.map(({ inventory }) => inventory?.version ?? null));

/** Returns what a device is looked at for. `newest`: the newest version that is in use. */
export function isShownBy(
  show: Show,
  device: DeviceResponse,
  newest: string | null,
  now: number,
): boolean {
  const version = device.inventory?.version ?? null;
  switch (show) {
    case 'behind':
      return version !== null && newest !== null && olderFirst(version, newest) < 0;
    case 'unseen30':
      return isUnseen(device, now, 30);
    case 'unseen90':
      return isUnseen(device, now, 90);
    case 'expiring':
      return device.expired || isWithin(device.key_expiry, now);
    case 'unapproved':
      return (unapprovedRoutes(device)?.length ?? 0) > 0;
  }
}

const isUnseen = ({ online, last_seen }: DeviceResponse, now: number, days: number) =>
  !online && last_seen !== null && now - Date.parse(last_seen) >= days * DAY;

const isWithin = (expiry: string | null, now: number) =>
  expiry !== null && Date.parse(expiry) - now <= EXPIRING_MS;

/** Returns the devices that a view shows, in its order. */
export function rowsOf(
  devices: readonly DeviceResponse[],
  view: InventoryView,
  now: number,
): DeviceResponse[] {
  const { newest } = spreadOf(devices);
  const words = view.find.toLowerCase().split(/\s+/).filter(Boolean);
  const isFound = (device: DeviceResponse) => {
    if (words.length === 0) return true;
    const text = [device.dns_name, ...SORTS.map((column) => cellValue(column, device))]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return devices
    .filter(
      (device) =>
        (view.os === '' || device.os === view.os) &&
        (view.tag === '' || device.tags.includes(view.tag)) &&
        (view.version === '' || device.inventory?.version === view.version) &&
        (view.show === null || isShownBy(view.show, device, newest, now)) &&
        isFound(device),
    )
    .sort(orderOf(view.sort));
}

/** What is not known comes last, whichever way. */
function orderOf({ key, descending }: InventorySort) {
  const compare = key === 'version' ? olderFirst : byText;
  return (a: DeviceResponse, b: DeviceResponse): number => {
    const [left, right] = [cellValue(key, a) || null, cellValue(key, b) || null];
    if (left === null || right === null) {
      return Number(left === null) - Number(right === null) || byText(a.hostname, b.hostname);
    }
    const order = compare(left, right);
    return (descending ? -order : order) || byText(a.hostname, b.hostname);
  };
}

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Returns the devices as CSV, with the columns that are shown. */
export function inventoryCsv(
  devices: readonly DeviceResponse[],
  columns: readonly Column[],
): CsvTable {
  const shown = ['name', ...columns] as const;
  return {
    name: 'devices',
    header: ['id', ...shown],
    rows: devices.map((device) => [device.id, ...shown.map((column) => cellValue(column, device))]),
  };
}
