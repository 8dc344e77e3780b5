import { collectorOf } from '../view';
import { COLUMNS, type Column, SORTS, USUAL_COLUMNS } from './inventory-columns';

/** What the inventory page shows, as written in its URL. */

export const SHOWS = ['behind', 'unseen30', 'unseen90', 'expiring', 'unapproved'] as const;
export type Show = (typeof SHOWS)[number];
export type InventorySort = { key: (typeof SORTS)[number]; descending: boolean };

export type InventoryView = {
  find: string;
  os: string;
  tag: string;
  version: string;
  /** Only devices that this is true of; `null`: all. */
  show: Show | null;
  sort: InventorySort;
  columns: readonly Column[];
  /** From 1; one beyond the last is the last. */
  page: number;
  collector: string | undefined;
};

const LONGEST = 100;
const BY_NAME: InventorySort = { key: 'name', descending: false };

/** Holds the columns that a reader has chosen, for the next time. */
export const COLUMNS_COOKIE = 'inventory_columns';

/** Returns the columns that a cookie holds; the usual ones where there is none. */
export function rememberedColumns(cookie: string | undefined): readonly Column[] {
  return cookie === undefined ? USUAL_COLUMNS : columnsIn(cookie.split('.'));
}

const columnsIn = (names: readonly string[]) => COLUMNS.filter((column) => names.includes(column));

/** Reads a view; what is not valid is left out. `remembered`: the columns where the address names none. */
export function parseInventoryView(
  params: URLSearchParams,
  remembered: readonly Column[],
): InventoryView {
  const words = (name: string) => params.get(name)?.slice(0, LONGEST) ?? '';
  const [, minus = '', name = ''] = /^(-?)(\w+)$/.exec(params.get('sort') ?? '') ?? [];
  const key = SORTS.find((one) => one === name);
  const named = params.getAll('column');
  return {
    ...{ find: words('find'), os: words('os'), tag: words('tag'), version: words('version') },
    show: SHOWS.find((show) => show === params.get('show')) ?? null,
    sort: key ? { key, descending: minus !== '' } : BY_NAME,
    columns: named.length > 0 ? columnsIn(named) : remembered,
    page: Number(/^[1-9]\d{0,4}$/.exec(params.get('page') ?? '')?.[0] ?? 1),
    collector: collectorOf(params),
  };
}

/** Returns the address of a view. `remembered`: what the columns are where the address names none. */
export function inventoryHref(view: InventoryView, remembered: readonly Column[]): string {
  const params = new URLSearchParams(parametersOf(view, remembered));
  return params.size > 0 ? `/vpn/devices?${params}` : '/vpn/devices';
}

/** Returns the parameters of a view; what is usual is left out. */
function parametersOf(view: InventoryView, remembered: readonly Column[]): [string, string][] {
  const { find, os, tag, version, show, sort, columns, page, collector } = view;
  const isUsualSort = sort.key === BY_NAME.key && !sort.descending;
  const values: [string, string][] = [
    ['find', find],
    ['os', os],
    ['tag', tag],
    ['version', version],
    ['show', show ?? ''],
    ['sort', isUsualSort ? '' : `${sort.descending ? '-' : ''}${sort.key}`],
    ['page', page === 1 ? '' : `${page}`],
    ['collector', collector ?? ''],
  ];
  const isRemembered = columns.join() === remembered.join();
  // The name is always shown: alone, it says that no other column is.
  const named = isRemembered ? [] : ['name', ...columns];
  return [
    ...values.filter(([, value]) => value !== ''),
    ...named.map((column): [string, string] => ['column', column]),
  ];
}
