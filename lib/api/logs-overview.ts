import * as z from 'zod';
import type { TimeRange } from '../domain/access';
import { LOG_LEVELS } from '../domain/log-level';
import { type TimeZone, zoneNamed } from '../domain/time-zone';
import { overviewOfLogs } from '../log/overview';
import type { Services } from '../services';
import { DAY, HOUR, MINUTE, SECOND } from '../util/time';
import { type LogFilterQuery, logAsked } from './logs';
import { isoTime, isoTimeOrNull } from './wire';

const count = z.number().int().nonnegative();

export const logsOverviewSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  step_seconds: z.number().int().positive().describe('the length of a bucket'),
  buckets: z
    .array(
      z.object({
        time: z.iso.datetime().describe('where it begins; the first may begin before `from`'),
        debug: count,
        info: count,
        warning: count,
        error: count,
      }),
    )
    .describe('oldest first, without gaps; round on the clocks of `TIME_ZONE`'),
  total: count.describe('lines that match, as far as they were searched'),
  undated: count.describe('of these, lines without a time, which no bucket counts'),
  patterns: z
    .array(
      z.object({
        pattern: z.string().describe('the message with placeholders, such as `<n>` and `<name>`'),
        count,
        level: z.enum(LOG_LEVELS).nullable().describe('the worst; null: not lines of ours'),
        first: z.iso.datetime().nullable(),
        last: z.iso.datetime().nullable(),
      }),
    )
    .describe('at most 50, the most frequent first'),
  others: count.describe('lines of further patterns'),
  scanned_bytes: count.describe('of the log, unpacked'),
  complete: z.boolean().describe('false: it took too long, and older lines are not counted'),
  oldest: z.iso.datetime().nullable().describe('the oldest line that was counted'),
});
export type LogsOverviewResponse = z.infer<typeof logsOverviewSchema>;

/** Counts the lines of the service's own log by time, level and pattern. Throws `NotFound` when no log is kept. */
export async function logsOverview(
  { instance }: Services,
  query: LogFilterQuery,
): Promise<LogsOverviewResponse> {
  const { folder, range, filter } = logAsked(query);
  const { starts, stepMs } = bucketsOf(range, zoneNamed(instance.timeZone));
  const found = await overviewOfLogs(folder, filter, starts);
  return {
    from: isoTime(range.from),
    to: isoTime(range.to),
    step_seconds: stepMs / SECOND,
    buckets: starts.map((time, index) => {
      const { DEBUG = 0, INFO = 0, WARNING = 0, ERROR = 0 } = found.counts[index] ?? {};
      return { time: isoTime(time), debug: DEBUG, info: INFO, warning: WARNING, error: ERROR };
    }),
    total: found.total,
    undated: found.undated,
    patterns: found.patterns.map(({ first, last, ...rest }) => ({
      ...rest,
      first: isoTimeOrNull(first),
      last: isoTimeOrNull(last),
    })),
    others: found.others,
    scanned_bytes: found.scannedBytes,
    complete: found.complete,
    oldest: isoTimeOrNull(found.oldest),
  };
}

const STEPS = [
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 7, 28, 91].map((days) => days * DAY),
];
const MOST_BUCKETS = 60;

/** Returns where the buckets of a range begin: at most about sixty, round on the clocks of a zone. */
export function bucketsOf(
  { from, to }: TimeRange,
  zone: TimeZone,
): { starts: number[]; stepMs: number } {
  const stepMs = STEPS.find((step) => (to - from) / step <= MOST_BUCKETS) ?? 91 * DAY;
  const offset = zone.offsetAt(from);
  const first = Math.floor((from + offset) / stepMs) * stepMs;
  // Hours pass evenly when clocks change; days do not.
  const startOf = (wall: number) => (stepMs <= HOUR ? wall - offset : zone.instantOf(wall));
  const starts: number[] = [];
  for (let wall = first; startOf(wall) < to; wall += stepMs) {
    const start = startOf(wall);
    if (start > (starts.at(-1) ?? Number.NEGATIVE_INFINITY)) starts.push(start);
  }
  return { starts, stepMs };
}
