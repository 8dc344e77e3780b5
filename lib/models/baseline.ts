import type { JudgedEntry, ModelEntry, ModelState } from '../domain/model';
import { HOUR } from '../util/time';
import { median, middle } from './median';

/** An entry with fewer than this many before it has no baseline. */
const FEWEST_BEFORE = 5;
/** The most entries that a baseline considers: it costs the same however long the history is. */
export const MOST_BEFORE = 500;

/** What may be set for each model. */
export type ModelLimits = {
  /** Degraded when the MAE is more than this many times the baseline. */
  factor?: number;
  /** How long it may be silent; 0: forever. Default: three times its usual interval, at least an hour. */
  silentAfterHours?: number;
};
/** By model. */
export type ModelSettings = Record<string, ModelLimits>;
const FACTOR = 2;

/** Returns the limits that apply to a model. */
export function limitsFor(
  settings: ModelSettings,
  model: string,
): ModelLimits & { factor: number } {
  const own = Object.hasOwn(settings, model) ? settings[model] : undefined;
  return { ...own, factor: own?.factor ?? FACTOR };
}

/**
 * Compares each of the last entries with those before it: the baseline of an entry is the median MAE of at most 500
 * entries before it, and takes at least five. `entries` are of one model, oldest first; those from `from` on are
 * judged, earlier ones only serve as a baseline. Pure.
 */
export function judge(entries: readonly ModelEntry[], from: number, factor: number): JudgedEntry[] {
  const before = entries
    .slice(Math.max(0, from - MOST_BEFORE), from)
    .map(({ metrics }) => metrics.mae)
    .sort((a, b) => a - b);
  return entries.slice(from).map((entry, index) => {
    const { mae } = entry.metrics;
    const baselineMae = before.length < FEWEST_BEFORE ? null : middle(before);
    const left = entries[from + index - MOST_BEFORE];
    if (left) before.splice(placeOf(before, left.metrics.mae), 1);
    before.splice(placeOf(before, mae), 0, mae);
    if (baselineMae === null) return { ...entry, baselineMae, ratio: null, status: 'learning' };
    const ratio = baselineMae > 0 ? mae / baselineMae : null;
    const status = mae > factor * baselineMae ? 'degraded' : 'ok';
    return { ...entry, baselineMae, ratio, status };
  });
}

/** Returns medians by metric of at most 500 entries; a metric that fewer than five of them have is left out. */
function baselineOf(entries: readonly ModelEntry[]): Record<string, number> {
  const values = new Map<string, number[]>();
  for (const { metrics } of entries.slice(-MOST_BEFORE)) {
    for (const [name, value] of Object.entries(metrics)) {
      const list = values.get(name) ?? [];
      list.push(value);
      values.set(name, list);
    }
  }
  return Object.fromEntries(
    [...values].flatMap(([name, list]) => {
      const value = list.length < FEWEST_BEFORE ? null : median(list);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/**
 * Returns how a model is doing, apart from silence. `recent` are its last entries, oldest first; `null` without any.
 */
export function stateOf(
  recent: readonly ModelEntry[],
  count: number,
  settings: ModelSettings,
): ModelState | null {
  const { factor, silentAfterHours } = limitsFor(settings, recent[0]?.model ?? '');
  const [last] = judge(recent, Math.max(0, recent.length - 1), factor);
  if (!last) return null;
  return {
    model: last.model,
    status: last.status,
    entryStatus: last.status,
    last,
    baseline: baselineOf(recent.slice(0, -1)),
    factor,
    silentAfterMs: silentAfter(recent, silentAfterHours),
    entries: count,
  };
}

/** Returns the state when its last entry is this old: no event announces that a model falls silent. */
export function withSilence(state: ModelState, ageMs: number): ModelState {
  const { silentAfterMs, entryStatus } = state;
  const silent = silentAfterMs !== null && ageMs > silentAfterMs;
  return { ...state, status: silent ? 'silent' : entryStatus };
}

const INTERVALS = 20;
const FEWEST_INTERVALS = 3;

/** Returns how long a model may be silent: by default three of its usual intervals; `null`: forever. */
function silentAfter(recent: readonly ModelEntry[], hours: number | undefined): number | null {
  if (hours !== undefined) return hours === 0 ? null : hours * HOUR;
  const times = recent.slice(-INTERVALS - 1).map(({ time }) => time);
  if (times.length <= FEWEST_INTERVALS) return null;
  const usual = median(times.slice(1).map((time, i) => time - (times[i] ?? time))) ?? 0;
  return Math.max(HOUR, 3 * usual);
}

/** Returns the first index in an ascending list whose value is not smaller than `value`. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((sorted[mid] ?? 0) < value) low = mid + 1;
    else high = mid;
  }
  return low;
}
