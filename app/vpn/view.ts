import { DAY } from '@/lib/util/time';

/** What the dashboard shows, as written in its URL. Pure: URL ⇄ view ⇄ API query. */

const PRESET_DAYS = { '24h': 1, '7d': 7, '30d': 30, '90d': 90 } as const;
export type Preset = keyof typeof PRESET_DAYS;
export const PRESETS: readonly Preset[] = ['24h', '7d', '30d', '90d'];
const DEFAULT_PRESET: Preset = '7d';

/** The filters a click sets; each is one URL parameter and one chip. */
export const FILTERS = ['user', 'device', 'endpoint', 'status', 'collector'] as const;
export type FilterName = (typeof FILTERS)[number];
/** The longest values the API accepts; longer ones in a URL are ignored. */
const LONGEST: Record<FilterName, number> = {
  user: 320,
  device: 255,
  endpoint: 256,
  status: 3,
  collector: 60,
};
const COLLECTOR = /^[\w.-]+$/;
const LONGEST_RANGE = 3650 * DAY;

export type View = {
  /** A preset ends now; a custom range is epoch milliseconds, `from` before `to`. */
  range: Preset | { from: number; to: number };
  /** `status` is a code (`404`) or a class (`4xx`). */
  filters: Partial<Record<FilterName, string>>;
  bots: boolean;
};

/**
 * Reads a view from URL parameters. Never throws: an invalid value falls back to the default (7 days, no filter, no
 * bots).
 */
export function parseView(params: URLSearchParams): View {
  const filters: View['filters'] = {};
  for (const name of FILTERS) {
    const value = params.get(name);
    if (!value || value.length > LONGEST[name]) continue;
    if (name === 'collector' && !COLLECTOR.test(value)) continue;
    if (name === 'status' && !/^[1-5](xx|\d\d)$/.test(value)) continue;
    filters[name] = value;
  }
  return { range: parseRange(params), filters, bots: params.get('bots') === 'true' };
}

/** Returns the canonical URL query of a view: fixed order, defaults left out, no `?`; empty for the default view. */
export function viewQuery(view: View): string {
  const { range } = view;
  const params = new URLSearchParams(typeof range === 'string' ? {} : isoRange(range));
  if (typeof range === 'string' && range !== DEFAULT_PRESET) params.set('range', range);
  for (const name of FILTERS) {
    const value = view.filters[name];
    if (value) params.set(name, value);
  }
  if (view.bots) params.set('bots', 'true');
  return params.toString();
}

/** Returns the API's parameters for a view: `days`, or `from` and `to`, and the same filters. */
export function apiParameters({ range, filters, bots }: View) {
  return {
    ...(typeof range === 'string' ? { days: PRESET_DAYS[range] } : isoRange(range)),
    ...filters,
    bots: bots ? ('true' as const) : undefined,
    collector: filters.collector,
  };
}

/** Returns the address of a view on a page. */
export function viewHref(view: View, page = '/vpn'): string {
  const query = viewQuery(view);
  return query ? `${page}?${query}` : page;
}

/** Returns the view with one filter set, or removed with `null`. */
export function withFilter(view: View, name: FilterName, value: string | null): View {
  const { [name]: _, ...others } = view.filters;
  return { ...view, filters: value === null ? others : { ...others, [name]: value } };
}

/** Returns the view without filters; the collector stays. */
export function withoutFilters(view: View): View {
  const { collector } = view.filters;
  return { ...view, filters: collector === undefined ? {} : { collector } };
}

/** Returns the label of a preset: `24 h`, `7 d`. */
export function presetLabel(preset: Preset): string {
  return `${preset.slice(0, -1)}\u00a0${preset.slice(-1)}`;
}

/** Names the range, and the one before it, in a sentence. */
export function rangeWords(range: View['range']): { during: string; before: string } {
  if (typeof range !== 'string') {
    return { during: 'in the chosen range', before: 'the previous range' };
  }
  const days = PRESET_DAYS[range];
  return days === 1
    ? { during: 'in the last 24 hours', before: 'the previous 24 hours' }
    : { during: `in the last ${days} days`, before: `the previous ${days} days` };
}

function parseRange(params: URLSearchParams): View['range'] {
  const from = parseInstant(params.get('from'));
  const to = parseInstant(params.get('to'));
  if (from !== null && to !== null && from < to && to - from <= LONGEST_RANGE) {
    return { from, to };
  }
  const preset = params.get('range');
  return PRESETS.find((name) => name === preset) ?? DEFAULT_PRESET;
}

/** Returns why the custom range of an address is not used, in a sentence; `null` when it is, or when there is none. */
export function rangeIssue(params: URLSearchParams): string | null {
  const [start, end] = [params.get('from'), params.get('to')];
  if (!start && !end) return null;
  const [from, to] = [parseInstant(start), parseInstant(end)];
  if (from === null || to === null) return 'A custom range needs a start and an end.';
  if (from >= to) return 'The end of the range must be after its start.';
  return to - from > LONGEST_RANGE ? 'A range is at most ten years long.' : null;
}

/** ISO 8601; without a zone (what a `datetime-local` input sends) it is UTC, like every time on the page. */
function parseInstant(text: string | null): number | null {
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return null;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? null : time;
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
  return parseView(params).filters.collector;
}
