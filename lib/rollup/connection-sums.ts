import type { TimeRange } from '../domain/access';
import {
  CONNECTION_TYPES,
  type Connection,
  type ConnectionCounts,
  type ConnectionType,
  type LatencyPoint,
} from '../domain/connection';
import { MINUTE } from '../util/time';

/** A history has no more points than this, whatever its range. */
const MAX_POINTS = 500;

/** The resolutions of latency roll-ups, shortest first. Each round is counted in all of them at once: a handful of rows. */
export const CONNECTION_RESOLUTIONS: readonly number[] = [5, 30, 180, 1_440, 10_080].map(
  (minutes) => minutes * MINUTE,
);
const SHORTEST = 5 * MINUTE;

/** What a device's rounds of one period come to: a row of `connection_rollups`. */
export type ConnectionSums = Record<string, unknown>;

/**
 * The step a history is drawn in, and its first one; milliseconds. `ofRounds`: it is shorter than any that is rolled up,
 * so that each round made every `intervalMs` is drawn as it is.
 */
export function historySteps({ from, to }: TimeRange, intervalMs: number) {
  const fits = (step: number) => step >= intervalMs && (to - from) / step <= MAX_POINTS - 1;
  const ofRounds = intervalMs < SHORTEST && fits(intervalMs);
  const rolledUp = CONNECTION_RESOLUTIONS.find(fits) ?? CONNECTION_RESOLUTIONS.at(-1) ?? SHORTEST;
  const step = ofRounds ? intervalMs : rolledUp;
  return { step, first: Math.floor(from / step) * step, ofRounds };
}

/** Adds up a device's rounds by the step they lie in. */
export function sumsOfRounds(rounds: readonly Connection[], step: number): ConnectionSums[] {
  const sums = new Map<number, Connection[]>();
  for (const round of rounds) {
    const start = Math.floor(round.time / step) * step;
    sums.set(start, [...(sums.get(start) ?? []), round]);
  }
  return [...sums].map(([start, same]) => {
    const total = (of: (round: Connection) => number) => same.reduce((sum, r) => sum + of(r), 0);
    const found = (key: 'latencyMin' | 'latencyMax') => same.flatMap((round) => round[key] ?? []);
    const [lowest, highest] = [found('latencyMin'), found('latencyMax')];
    const types = CONNECTION_TYPES.map((type) => [
      type,
      total(({ connectionType }) => (connectionType === type ? 1 : 0)),
    ]);
    return {
      start,
      sent: total(({ sent }) => sent),
      received: total(({ received }) => received),
      latency_sum: total(({ latencyAvg, received }) => (latencyAvg ?? 0) * received),
      latency_min: lowest.length > 0 ? Math.min(...lowest) : null,
      latency_max: highest.length > 0 ? Math.max(...highest) : null,
      ...Object.fromEntries(types),
    };
  });
}

/** A device's history, from its sums of the step that `historySteps` says. */
export function historyOf(
  rows: readonly ConnectionSums[],
  range: TimeRange,
  intervalMs: number,
): LatencyPoint[] {
  const { step, first } = historySteps(range, intervalMs);
  const byStart = new Map(rows.map((row) => [Number(row.start), row]));
  const points: LatencyPoint[] = [];
  for (let time = first; time < range.to && points.length < MAX_POINTS; time += step) {
    const row = byStart.get(time);
    points.push(row ? toPoint(time, row) : { time, ...GAP });
  }
  return points;
}

const GAP = {
  ...{ latencyMs: null, minMs: null, maxMs: null, loss: null, connectionType: null },
  ...{ sent: 0, received: 0 },
};

/** The coarsest step of which the range holds a few: what is counted is bounded, and the ends are near enough. */
export function countSteps({ from, to }: TimeRange) {
  const step = CONNECTION_RESOLUTIONS.toReversed().find((s) => (to - from) / s >= 48) ?? SHORTEST;
  return { step, first: Math.floor(from / step) * step };
}

/** Returns a device's sums as its counts. */
export function toCounts(row: ConnectionSums): ConnectionCounts {
  return {
    nodeId: String(row.node_id),
    hostname: String(row.hostname),
    rounds: roundsOf(row),
    sent: Number(row.sent),
    received: Number(row.received),
  };
}

function roundsOf(row: ConnectionSums): Record<ConnectionType, number> {
  return Object.fromEntries(CONNECTION_TYPES.map((type) => [type, Number(row[type])])) as Record<
    ConnectionType,
    number
  >;
}

function toPoint(time: number, row: ConnectionSums): LatencyPoint {
  const received = Number(row.received);
  const sent = Number(row.sent);
  const rounds = roundsOf(row);
  const most = [...CONNECTION_TYPES].sort((a, b) => rounds[b] - rounds[a])[0] ?? null;
  return {
    time,
    latencyMs: received > 0 ? Number(row.latency_sum) / received : null,
    minMs: numberOrNull(row.latency_min),
    maxMs: numberOrNull(row.latency_max),
    loss: sent > 0 ? 1 - received / sent : null,
    sent,
    received,
    connectionType: most,
  };
}

const numberOrNull = (value: unknown) => (value === null ? null : Number(value));
