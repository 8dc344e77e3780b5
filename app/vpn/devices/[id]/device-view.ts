/** What a device's page shows, as written in its URL. Pure: URL ⇄ view. */

import { collectorOf } from '../../view';

/** An hour, a day, a week, a month, a year. */
export const HOURS = [1, 24, 168, 720, 8760] as const;
export type Hours = (typeof HOURS)[number];
const DEFAULT_HOURS: Hours = 24;
/** More lines than this in one chart cannot be told apart. */
const MOST_COMPARED = 3;
const LONGEST_NAME = 255;

export type DeviceView = {
  hours: Hours;
  /** Machine names, or ids where a name is ambiguous. */
  compare: readonly string[];
  /** The collector whose view it is; `undefined`: all of them. */
  collector: string | undefined;
};

/** Reads a view from URL parameters. Never throws: an invalid value falls back to the last 24 hours, without comparison. */
export function parseDeviceView(params: URLSearchParams): DeviceView {
  const hours = HOURS.find((count) => String(count) === params.get('hours')) ?? DEFAULT_HOURS;
  const names = (params.get('compare') ?? '').split(',').map((name) => name.trim());
  const fit = names.filter((name) => name !== '' && name.length <= LONGEST_NAME);
  return {
    hours,
    compare: [...new Set(fit)].slice(0, MOST_COMPARED),
    collector: collectorOf(params),
  };
}

/** Returns the address of a view of a device's page; defaults are left out. */
export function deviceHref(id: string, { hours, compare, collector }: DeviceView): string {
  const params = new URLSearchParams();
  if (hours !== DEFAULT_HOURS) params.set('hours', String(hours));
  if (compare.length > 0) params.set('compare', compare.join(','));
  if (collector !== undefined) params.set('collector', collector);
  const query = params.toString().replaceAll('%2C', ',');
  return `/vpn/devices/${encodeURIComponent(id)}${query && `?${query}`}`;
}

/** Returns the view with a device compared, or no longer; the oldest is dropped when there are too many. */
export function toggleCompared(view: DeviceView, name: string): DeviceView {
  const others = view.compare.filter((other) => other !== name);
  const compare = others.length < view.compare.length ? others : [...others, name];
  return { ...view, compare: compare.slice(-MOST_COMPARED) };
}

/** Returns the name of a device in a URL: its machine name, or its id if that name has a comma or is shared by another device. */
export function nameInUrl(
  node: { id: string; hostname: string },
  all: readonly { id: string; hostname: string }[],
): string {
  const twin = all.some(({ id, hostname }) => id !== node.id && hostname === node.hostname);
  const plain = node.hostname.trim() === node.hostname && !/,|^$/.test(node.hostname);
  return plain && !twin ? node.hostname : node.id;
}

const LABELS: Record<Hours, string> = {
  1: '1\u00a0h',
  24: '24\u00a0h',
  168: '7\u00a0d',
  720: '30\u00a0d',
  8760: '1\u00a0y',
};
const DURING: Record<Hours, string> = {
  1: 'in the last hour',
  24: 'in the last 24 hours',
  168: 'in the last 7 days',
  720: 'in the last 30 days',
  8760: 'in the last year',
};
/** Returns the range as written on a button, and in a sentence. */
export const hoursWords = (hours: Hours) => ({ label: LABELS[hours], during: DURING[hours] });
