import type { TimeZone } from '@/lib/domain/time-zone';
import { t } from '@/lib/i18n/t';
import { DAY } from '@/lib/util/time';
import {
  FILTERS,
  type FilterName,
  type Filters,
  LONGEST_TEXT,
  parseFilters,
  parseTyped,
} from './view-filters';

/** What the dashboard shows, as written in its URL. Pure: URL ⇄ view ⇄ API query. */

const PRESET_DAYS = { '24h': 1, '7d': 7, '30d': 30, '90d': 90 } as const;
export type Preset = keyof typeof PRESET_DAYS;
export const PRESETS: readonly Preset[] = ['24h', '7d', '30d', '90d'];
const DEFAULT_PRESET: Preset = '7d';

const COLLECTOR = /^[\w.-]{1,60}$/;
const LONGEST_RANGE = 3650 * DAY;

export type View = {
  /** A preset ends now; a custom range is epoch milliseconds, `from` before `to`. */
  range: Preset | { from: number; to: number };
  filters: Filters;
  /** Part of an endpoint, host, device or user. */
  text?: string;
  bots: boolean;
  /** Whose view of the tailnet it is. */
  collector?: string;
};

/**
 * Reads a view from URL parameters. Never throws: an invalid value falls back to the default (7 days, no filter, no
 * bots). A range that names no zone is one of `zone`. `filter`, which the filter bar sends without JavaScript, is added to the filters.
 */
export function parseView(params: URLSearchParams, zone: TimeZone): View {
  const q = params.get('q') ?? '';
  const collector = collectorOf(params);
  const view: View = {
    range: parseRange(params, zone),
    filters: parseFilters(params),
    ...(q !== '' && q.length <= LONGEST_TEXT && { text: q }),
    bots: params.get('bots') === 'true',
    ...(collector !== undefined && { collector }),
  };
  return withTyped(view, params.get('filter') ?? '').view;
}

/** Returns the view with what was typed into the filter bar added; `issue` says why it cannot be. */
export function withTyped(view: View, typed: string): { view: View; issue: string | null } {
  if (typed.trim() === '') return { view, issue: null };
  const read = parseTyped(typed);
  if ('issue' in read) return { view, issue: read.issue };
  if ('text' in read) return { view: { ...view, text: read.text }, issue: null };
  const { name, value } = read;
  const values = new Set(view.filters[name]).add(value);
  return { view: { ...view, filters: { ...view.filters, [name]: [...values] } }, issue: null };
}

/** Returns the canonical URL query of a view: fixed order, defaults left out, no `?`; empty for the default view. */
export function viewQuery(view: View): string {
  return new URLSearchParams([...rangeParameters(view), ...filterParameters(view)]).toString();
}

/** Returns the parameters of a view's range; none for the default. */
export function rangeParameters({ range }: View): [string, string][] {
  if (typeof range !== 'string') return Object.entries(isoRange(range));
  return range === DEFAULT_PRESET ? [] : [['range', range]];
}

/** Returns the parameters of a view but for its range. */
export function filterParameters({ filters, text, bots, collector }: View): [string, string][] {
  return [
    ...FILTERS.flatMap((name) =>
      (filters[name] ?? []).map((value): [string, string] => [name, value]),
    ),
    ...(text === undefined ? [] : [['q', text] as [string, string]]),
    ...(collector === undefined ? [] : [['collector', collector] as [string, string]]),
    ...(bots ? [['bots', 'true'] as [string, string]] : []),
  ];
}

/** Returns the API's parameters for a view: `days`, or `from` and `to`, and the same filters. */
export function apiParameters({ range, filters, text, bots, collector }: View) {
  const choice = (name: FilterName) => {
    const values = filters[name];
    return values && [...values];
  };
  return {
    ...(typeof range === 'string' ? { days: PRESET_DAYS[range] } : isoRange(range)),
    user: choice('user'),
    device: choice('device'),
    endpoint: choice('endpoint'),
    host: choice('host'),
    status: choice('status'),
    q: text,
    bots: bots ? ('true' as const) : undefined,
    collector,
  };
}

/** Returns the address of a view on a page. */
export function viewHref(view: View, page = '/vpn'): string {
  const query = viewQuery(view);
  return query ? `${page}?${query}` : page;
}

/** Returns the view with one filter set to one value, or removed with `null`. */
export function withFilter(view: View, name: FilterName, value: string | null): View {
  return withValues(view, name, value === null ? [] : [value]);
}

/** Returns the view with one value of a filter replaced, or removed with `null`. */
export function withValue(view: View, name: FilterName, value: string, by: string | null): View {
  const values = (view.filters[name] ?? []).flatMap((one) => (one === value ? (by ?? []) : one));
  return withValues(view, name, values);
}

function withValues(view: View, name: FilterName, values: readonly string[]): View {
  const { [name]: _, ...others } = view.filters;
  return { ...view, filters: values.length === 0 ? others : { ...others, [name]: values } };
}

/** Returns the view without filters; the collector stays. */
export function withoutFilters({ text: _, ...view }: View): View {
  return { ...view, filters: {} };
}

/** Returns whether a view has filters. */
export const isFiltered = ({ filters, text }: View) =>
  text !== undefined || Object.keys(filters).length > 0;

/** Returns the label of a preset: `24 h`, `7 d`. */
export function presetLabel(preset: Preset): string {
  return `${preset.slice(0, -1)}\u00a0${preset.slice(-1)}`;
}

/** Names the range, accesses during it, and the one before it, in a sentence. */
export function rangeWords(range: View['range']): { name: string; during: string; before: string } {
  if (typeof range !== 'string') {
    return {
      name: t('view.chosen'),
      during: t('view.inChosen'),
      before: t('view.previousChosen'),
    };
  }
  const days = PRESET_DAYS[range];
  return days === 1
    ? { name: t('view.lastDay'), during: t('view.inLastDay'), before: t('view.previousDay') }
    : {
        name: t('view.lastDays', { days }),
        during: t('view.inLastDays', { days }),
        before: t('view.previousDays', { days }),
      };
}

function parseRange(params: URLSearchParams, zone: TimeZone): View['range'] {
  const from = parseInstant(params.get('from'), zone);
  const to = parseInstant(params.get('to'), zone);
  if (from !== null && to !== null && from < to && to - from <= LONGEST_RANGE) {
    return { from, to };
  }
  const preset = params.get('range');
  return PRESETS.find((name) => name === preset) ?? DEFAULT_PRESET;
}

/** Returns why the custom range of an address is not used, in a sentence; `null` when it is, or when there is none. */
export function rangeIssue(params: URLSearchParams, zone: TimeZone): string | null {
  const [start, end] = [params.get('from'), params.get('to')];
  if (!start && !end) return null;
  const [from, to] = [parseInstant(start, zone), parseInstant(end, zone)];
  if (from === null || to === null) return t('view.needsBoth');
  if (from >= to) return t('view.reversed');
  return to - from > LONGEST_RANGE ? t('view.tooLong') : null;
}

/** ISO 8601; without a zone, as a form sends it or a person types it, it is a time of `zone`. */
export function parseInstant(text: string | null, zone: TimeZone): number | null {
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return null;
  const isZoned = /(Z|[+-]\d\d:?\d\d)$/.test(text);
  const time = Date.parse(isZoned ? text : `${text}Z`);
  if (Number.isNaN(time)) return null;
  return isZoned ? time : zone.instantOf(time);
}

const isoRange = ({ from, to }: { from: number; to: number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** Returns the address of a page as one collector sees it; `undefined`: as all of them do. */
export function asSeenBy(path: string, collector: string | undefined): string {
  if (collector === undefined) return path;
  return `${path}${path.includes('?') ? '&' : '?'}collector=${encodeURIComponent(collector)}`;
}

/** Returns the collector named in a page's address, if it can be one. */
export function collectorOf(params: URLSearchParams): string | undefined {
  const collector = params.get('collector') ?? '';
  return COLLECTOR.test(collector) ? collector : undefined;
}
