import type { LatencyHistoryResponse } from '@/lib/api/health-schemas';
import type { Path } from '@/lib/domain/device';

/** A measured step of a latency chart; nulls are gaps. Milliseconds, epoch milliseconds, shares from 0 to 1. */
export type LatencyPoint = {
  time: number;
  avg: number | null;
  min: number | null;
  max: number | null;
  loss: number | null;
  path: Path | null;
  /** How many pings it is of, and how many of them were answered. */
  sent: number;
  received: number;
};
/** One device's line. */
export type LatencyLine = { name: string; points: readonly LatencyPoint[] };
/** A stretch of an axis, 0 to 1. */
export type Piece = { path: Path | null; start: number; width: number };

/** Converts a history from the API into a line. An unknown path is `null`. */
export function latencyLine(history: LatencyHistoryResponse): LatencyLine {
  return {
    name: history.hostname,
    points: history.history.map((point) => ({
      time: Date.parse(point.timestamp),
      avg: point.latency_ms,
      min: point.min_ms,
      max: point.max_ms,
      loss: point.loss,
      sent: point.sent,
      received: point.received,
      path: point.connection_type === 'unknown' ? null : point.connection_type,
    })),
  };
}

/** Returns the time axis of a line: from its first step to the end of its last. */
export function axisOf({ points }: LatencyLine): { from: number; to: number; stepMs: number } {
  const first = points[0]?.time ?? 0;
  const last = points.at(-1)?.time ?? first;
  const stepMs = points.length > 1 ? (last - first) / (points.length - 1) : 300_000;
  return { from: first, to: last + stepMs, stepMs };
}

/** A highest value this many times above the rest is left off the scale. */
const FAR_ABOVE = 1.5;

/**
 * Returns what the y axis must reach: every average, and the maxima without the highest one in fifty if it is far above
 * the rest, so that one slow pong does not flatten everything.
 */
export function reach(lines: readonly LatencyLine[]): { top: number; peak: number } {
  const averages = lines.flatMap(({ points }) => points.flatMap(({ avg }) => avg ?? []));
  const maxima = (lines[0]?.points ?? []).flatMap(({ max }) => max ?? []).sort((a, b) => a - b);
  const usual = maxima[Math.floor((maxima.length - 1) * 0.98)] ?? 0;
  const peak = maxima.at(-1) ?? 0;
  const needed = Math.max(0, usual, ...averages);
  return { top: peak > needed * FAR_ABOVE ? needed : Math.max(needed, peak), peak };
}

/**
 * Returns an SVG path of the averages, broken at every gap; a lone point is a dot (with round caps). `x` and `y` map a
 * time and a latency.
 */
export function linePath(
  points: readonly LatencyPoint[],
  x: (time: number) => number,
  y: (ms: number) => number,
): string {
  let path = '';
  let down = false;
  for (const { time, avg } of points) {
    if (avg === null) {
      down = false;
      continue;
    }
    path += `${down ? 'L' : 'M'}${tenth(x(time))} ${tenth(y(avg))}${down ? '' : 'h0'}`;
    down = true;
  }
  return path;
}

/** Returns an SVG path of the area between minimum and maximum, one closed shape per stretch without a gap. */
export function bandPath(
  points: readonly LatencyPoint[],
  x: (time: number) => number,
  y: (ms: number) => number,
): string {
  let path = '';
  let stretch: LatencyPoint[] = [];
  const close = () => {
    const there = stretch.map(({ time, max }) => `${tenth(x(time))} ${tenth(y(max ?? 0))}`);
    const back = stretch.map(({ time, min }) => `${tenth(x(time))} ${tenth(y(min ?? 0))}`);
    if (stretch.length > 1) path += `M${there.join('L')}L${back.reverse().join('L')}z`;
    stretch = [];
  };
  for (const point of points) {
    if (point.min === null || point.max === null) close();
    else stretch.push(point);
  }
  close();
  return path;
}

/** Joins neighbouring steps over the same path, for the background. */
export function pathPieces({ points }: LatencyLine): Piece[] {
  const pieces: Piece[] = [];
  const width = 1 / Math.max(1, points.length);
  points.forEach(({ path }, index) => {
    const last = pieces.at(-1);
    if (last && last.path === path) last.width += width;
    else pieces.push({ path, start: index * width, width });
  });
  return pieces.filter((piece) => piece.path !== null);
}

/** Maps spans of time to stretches of an axis, clipped to it. */
export function spanPieces(
  spans: readonly { from: string; to: string; path: Path }[],
  axis: { from: number; to: number },
): Piece[] {
  const length = axis.to - axis.from;
  const place = (iso: string) => Math.min(1, Math.max(0, (Date.parse(iso) - axis.from) / length));
  return spans.map(({ from, to, path }) => ({
    path,
    start: place(from),
    width: place(to) - place(from),
  }));
}

/**
 * Returns the mean over all answered pings, and so of all rounds however many a step has; the extremes; and the share
 * of pings lost. `null` without data.
 */
export function totals(points: readonly LatencyPoint[]): {
  avg: number | null;
  min: number | null;
  max: number | null;
  loss: number | null;
} {
  const of = (key: 'min' | 'max') => points.flatMap((point) => point[key] ?? []);
  const total = (of: (point: LatencyPoint) => number) =>
    points.reduce((sum, point) => sum + of(point), 0);
  const sent = total((point) => point.sent);
  const received = total((point) => point.received);
  const min = of('min');
  const max = of('max');
  return {
    avg: received > 0 ? total((point) => (point.avg ?? 0) * point.received) / received : null,
    min: min.length > 0 ? Math.min(...min) : null,
    max: max.length > 0 ? Math.max(...max) : null,
    loss: sent > 0 ? 1 - received / sent : null,
  };
}

const tenth = (value: number) => Math.round(value * 10) / 10;
