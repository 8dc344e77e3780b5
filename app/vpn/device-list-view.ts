import { CLASSIFICATIONS } from '@/lib/domain/device';
import { SORT_KEYS, type Sort } from './device-order';

/** What the list of devices shows, and in which order, as written in the page's address. Pure: URL ⇄ list. */

export type DeviceFilterValues = { text: string; classification: string; online: string };

/** No search, all classes, any status. */
export const NO_FILTERS: DeviceFilterValues = { text: '', classification: '', online: '' };

export type DeviceListView = {
  filters: DeviceFilterValues;
  sort: Sort;
  /** Not only the first few. */
  all: boolean;
};

const LONGEST_SEARCH = 256;
const PARAMETERS = ['find', 'class', 'online', 'sort', 'devices'] as const;

/** Reads the list from URL parameters. Never throws: what cannot be used is left out. */
export function parseDeviceList(params: URLSearchParams): DeviceListView {
  const chosen = (name: (typeof PARAMETERS)[number], of: readonly string[]) =>
    of.find((value) => value === params.get(name)) ?? '';
  const filters = {
    text: params.get('find')?.slice(0, LONGEST_SEARCH) ?? '',
    classification: chosen('class', CLASSIFICATIONS),
    online: chosen('online', ['online', 'offline']),
  };
  const [, minus = '', name = ''] = /^(-?)(\w+)$/.exec(params.get('sort') ?? '') ?? [];
  const key = SORT_KEYS.find((one) => one === name);
  return {
    filters: Object.values(filters).some(Boolean) ? filters : NO_FILTERS,
    sort: key ? { key, descending: minus !== '' } : null,
    all: params.get('devices') === 'all',
  };
}

/** Returns the parameters of a list, in a fixed order; none for the default. */
export function deviceListParameters({ filters, sort, all }: DeviceListView): [string, string][] {
  const values: Record<(typeof PARAMETERS)[number], string> = {
    find: filters.text,
    class: filters.classification,
    online: filters.online,
    sort: sort ? `${sort.descending ? '-' : ''}${sort.key}` : '',
    devices: all ? 'all' : '',
  };
  return PARAMETERS.flatMap((name) => (values[name] ? [[name, values[name]]] : []));
}

/** Returns an address with its parameters of a list replaced; the same when they already say so. */
export function withDeviceList(address: URL, list: DeviceListView): URL {
  const wanted = deviceListParameters(list);
  const present = deviceListParameters(parseDeviceList(address.searchParams));
  if (String(new URLSearchParams(wanted)) === String(new URLSearchParams(present))) return address;
  const changed = new URL(address);
  for (const name of PARAMETERS) changed.searchParams.delete(name);
  for (const [name, value] of wanted) changed.searchParams.append(name, value);
  return changed;
}
