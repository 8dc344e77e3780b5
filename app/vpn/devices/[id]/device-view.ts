/** What a device's page shows, as written in its URL. Pure: URL ⇄ view. */

import type { TimeZone } from '../../../../lib/domain/time-zone';
import { t } from '../../../../lib/i18n/t';
import { collectorOf, parseView } from '../../view';

/** An hour, a day, a week, a month, a year. */
export const HOURS = [1, 24, 168, 720, 8760] as const;
export type Hours = (typeof HOURS)[number];
const DEFAULT_HOURS: Hours = 24;
/** More lines than this in one chart cannot be told apart. */
const MOST_COMPARED = 3;
const LONGEST_NAME = 255;

export type DeviceView = {
  /** The last hours, or from one time to another (epoch milliseconds). */
  range: Hours | { from: number; to: number };
  /** Machine names, or ids where a name is ambiguous. */
  compare: readonly string[];
  /** The collector whose view it is; `undefined`: all of them. */
  collector: string | undefined;
};

/**
 * Reads a view from URL parameters. Never throws: an invalid value falls back to the last 24 hours, without comparison.
 * A range that names no zone is one of `zone`.
 */
export function parseDeviceView(params: URLSearchParams, zone: TimeZone): DeviceView {
  const { range } = parseView(params, zone);
  const hours = HOURS.find((count) => String(count) === params.get('hours')) ?? DEFAULT_HOURS;
  const names = (params.get('compare') ?? '').split(',').map((name) => name.trim());
  const fit = names.filter((name) => name !== '' && name.length <= LONGEST_NAME);
  return {
    range: typeof range === 'string' ? hours : range,
    compare: [...new Set(fit)].slice(0, MOST_COMPARED),
    collector: collectorOf(params),
  };
}

/** Returns the address of a view of a device's page; defaults are left out. */
export function deviceHref(id: string, { range, compare, collector }: DeviceView): string {
  const params = new URLSearchParams([
    ...Object.entries(rangeParameters(range)),
    ...otherParameters({ range, compare, collector }),
  ]);
  const query = params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return `/vpn/devices/${encodeURIComponent(id)}${query && `?${query}`}`;
}

function rangeParameters(range: DeviceView['range']): Record<string, string> {
  if (typeof range !== 'number') {
    return { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
  }
  return range === DEFAULT_HOURS ? {} : { hours: String(range) };
}

/** Returns the parameters of a view but for its range. */
export function otherParameters({ compare, collector }: DeviceView): [string, string][] {
  return [
    ...(compare.length > 0 ? [['compare', compare.join(',')] as [string, string]] : []),
    ...(collector === undefined ? [] : [['collector', collector] as [string, string]]),
  ];
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

/** Returns the range as written on a button. */
export const rangeLabel = (hours: Hours) => t(`device.label${hours}`);

/** Returns the range in a sentence: `in the last 24 hours`. */
export const rangeDuring = (range: DeviceView['range']) =>
  typeof range === 'number' ? t(`device.during${range}`) : t('device.duringCustom');
