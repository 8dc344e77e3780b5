import type { MetricsHistoryResponse } from '@/lib/api/model-schemas';
import { formatMetric } from '@/lib/domain/format';
import { HOUR } from '@/lib/util/time';
import { evenTicks } from '../../_ui/plot-scale';

type Entry = MetricsHistoryResponse['entries'][number];
/** Epoch milliseconds. */
export type Axis = { from: number; to: number };
/** A value at a time; `null` is a gap. */
export type Dot = { time: number; value: number | null };

/** Returns the time axis of a model's reports: from the first to now, with a little room on both sides. */
export function axisOf(entries: readonly Entry[], now: number): Axis {
  const first = Date.parse(entries[0]?.timestamp ?? new Date(now).toISOString());
  const length = Math.max(now - first, HOUR);
  return { from: first - length * 0.02, to: now + length * 0.02 };
}

/** Maps a time to its position on an axis, 0 to 1; a time outside is put at the end. */
export function placeOf(time: number, { from, to }: Axis): number {
  return Math.min(1, Math.max(0, (time - from) / (to - from)));
}

/** One metric of every report. */
export const dotsOf = (entries: readonly Entry[], metric: string): Dot[] =>
  entries.map(({ timestamp, metrics }) => ({
    time: Date.parse(timestamp),
    value: metrics[metric] ?? null,
  }));

/** What each report was compared with, times `factor`. */
export const baselineDots = (entries: readonly Entry[], factor: number): Dot[] =>
  entries.map(({ timestamp, baseline_mae }) => ({
    time: Date.parse(timestamp),
    value: baseline_mae === null ? null : baseline_mae * factor,
  }));

/**
 * Returns the scale of some values: from 0, or from below when there are negative ones. The highest one in fifty may be
 * off it.
 */
export function scaleOf(lists: readonly (readonly Dot[])[]): { bottom: number; top: number } {
  const values = lists.flatMap((dots) => dots.flatMap(({ value }) => value ?? []));
  const sorted = values.sort((a, b) => a - b);
  const usual = sorted[Math.floor((sorted.length - 1) * 0.98)] ?? 1;
  const highest = sorted.at(-1) ?? 1;
  return {
    bottom: Math.min(0, sorted[0] ?? 0),
    top: highest > 5 * usual && usual > 0 ? usual * 1.5 : highest,
  };
}

/** Returns an even scale for the values; `y` maps a value to 0 (bottom) to 1 (top). */
export function axisY(lists: readonly (readonly Dot[])[], target = 4) {
  const scale = scaleOf(lists);
  const up = evenTicks(scale.top, target);
  const below = scale.bottom < 0 ? evenTicks(-scale.bottom, 1).slice(1) : [];
  const top = up.at(-1) ?? 1;
  const bottom = -(below.at(-1) ?? 0);
  const y = (value: number) => (Math.min(top, Math.max(bottom, value)) - bottom) / (top - bottom);
  const values = [...below.map((tick) => -tick).reverse(), ...up];
  return { bottom, top, y, ticks: values.map((at) => ({ at: y(at), label: formatMetric(at) })) };
}

/** SVG path through the dots in a box of 1000 by 100, broken at gaps; a lone dot is visible by its round cap. */
export function dotsPath(dots: readonly Dot[], axis: Axis, y: (value: number) => number): string {
  let down = false;
  let path = '';
  for (const { time, value } of dots) {
    if (value === null) {
      down = false;
      continue;
    }
    const at = `${tenth(placeOf(time, axis) * 1000)} ${tenth(100 - y(value) * 100)}`;
    path += `${down ? 'L' : 'M'}${at}${down ? '' : 'h0'}`;
    down = true;
  }
  return path;
}

/** Returns the reports whose version differs from the one before. */
export function versionChanges(entries: readonly Entry[]): { time: number; version: string }[] {
  let before: string | null = null;
  return entries.flatMap(({ timestamp, version }) => {
    const changed = version !== null && version !== before;
    before = version ?? before;
    return changed ? [{ time: Date.parse(timestamp), version }] : [];
  });
}

/** Returns the marks that have room for a label, a share of the axis, beside the previous one. */
export function withRoom<T extends { time: number }>(
  marks: readonly T[],
  axis: Axis,
  room = 0.09,
): Set<T> {
  const labelled = new Set<T>();
  let last = Number.NEGATIVE_INFINITY;
  for (const mark of marks) {
    const place = placeOf(mark.time, axis);
    if (place - last < room) continue;
    labelled.add(mark);
    last = place;
  }
  return labelled;
}

const tenth = (value: number) => Math.round(value * 10) / 10;
