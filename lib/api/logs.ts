import * as z from 'zod';
import type { TimeRange } from '../domain/access';
import { InvalidInput, NotFound } from '../domain/errors';
import { LOG_LEVELS, type LogLevel } from '../domain/log-level';
import { say } from '../domain/said';
import { t } from '../i18n/t';
import { logFolder } from '../log/log';
import type { LogEntry, LogFilePosition, LogFilter } from '../log/match';
import { searchLogs } from '../log/search';
import type { Services } from '../services';
import { cursorParameter, rangeOf, ranges, wholeParameter } from './query';
import { isoTime } from './wire';

const level = z.preprocess(
  (value) => {
    const word = typeof value === 'string' ? value.toUpperCase() : value;
    return word === 'WARN' ? 'WARNING' : word;
  },
  z.enum(LOG_LEVELS, { error: () => t('faults.oneOf', { names: LOG_LEVELS.join(', ') }) }),
);
const words = (what: string) => {
  const error = () => t('faults.length', { max: 300 });
  return z.string().min(1, { error }).max(300, { error }).optional().describe(what);
};
const position = cursorParameter(40);

/** Which lines are meant; the same for the list, the overview and the downloads. */
export const logFilterQuery = z.strictObject({
  ...ranges,
  level: level.default('ERROR').describe('this level and those above it'),
  text: words('anywhere in the line, in small or capital letters'),
  logger: words('the part that wrote it, exactly'),
  user: words('who it was written for, exactly'),
  request_id: words('one request, as `X-Request-Id` named it'),
  pattern: words('a `pattern` of `/logs/overview`: only the lines that say the same'),
});
export type LogFilterQuery = z.infer<typeof logFilterQuery>;

export const logsQuery = logFilterQuery.extend({
  limit: wholeParameter(1, 1_000).default(100).describe('the most lines in one answer'),
  cursor: position.describe('`next_cursor` of the page before'),
  after: position.describe('`id` of a line: only what has been written since'),
});
export type LogsQuery = z.infer<typeof logsQuery>;

const nullableText = z.string().nullable();
export const logEntrySchema = z.object({
  id: z.string().describe('where the line stands'),
  timestamp: z.iso.datetime().nullable().describe('null: not a line of ours'),
  level: z.enum(LOG_LEVELS).nullable(),
  logger: nullableText,
  message: z.string().describe('or the whole line, when it is not one of ours'),
  module: nullableText,
  function: nullableText,
  line: z.number().int().nullable(),
  user: nullableText,
  request_id: nullableText,
  exception: nullableText,
  data: z.record(z.string(), z.unknown()).nullable(),
});
export const logsSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  entries: z.array(logEntrySchema).describe('newest first'),
  next_cursor: nullableText.describe('null: there is nothing before'),
  scanned_bytes: z.number().int().nonnegative().describe('of the log, unpacked'),
  complete: z.boolean().describe('false: it took too long, and `next_cursor` goes on from there'),
});
export type LogEntryResponse = z.infer<typeof logEntrySchema>;
export type LogsResponse = z.infer<typeof logsSchema>;

/**
 * Searches the service's own log, newest first, by default for errors of the last 24 hours. Throws `NotFound` when no
 * log is kept, and `InvalidInput`.
 */
export async function searchLog(_: Services, query: LogsQuery): Promise<LogsResponse> {
  const { folder, range, filter } = logAsked(query);
  const matches = await searchLogs(folder, {
    ...filter,
    limit: query.limit,
    before: positionOf('cursor', query.cursor),
    after: positionOf('after', query.after),
  });
  return {
    from: isoTime(range.from),
    to: isoTime(range.to),
    entries: matches.entries.map(entryResponse),
    next_cursor: matches.next && idOf(matches.next),
    scanned_bytes: matches.scannedBytes,
    complete: matches.complete,
  };
}

/** What a query means: the folder of the log, the range, and the lines. Throws `NotFound` when no log is kept. */
export function logAsked(query: LogFilterQuery): {
  folder: string;
  range: TimeRange;
  filter: LogFilter;
} {
  const folder = logFolder();
  if (folder === null) throw new NotFound(say('problems.noLog'));
  const range = rangeOf(query, 24, Date.now());
  const { text, logger, user, pattern } = query;
  const filter = {
    ...range,
    // Includes a line of this very moment.
    to: query.to === undefined ? Number.MAX_SAFE_INTEGER : range.to,
    level: query.level as LogLevel,
    ...{ text, logger, user, pattern },
    requestId: query.request_id,
  };
  return { folder, range, filter };
}

/** Converts a line to its response type. */
export function entryResponse({ position: at, text, line }: LogEntry): LogEntryResponse {
  return {
    id: idOf(at),
    timestamp: line?.timestamp ?? null,
    level: line?.level ?? null,
    logger: line?.logger ?? null,
    message: line?.message ?? text.slice(0, 10_000),
    module: line?.module ?? null,
    function: line?.function ?? null,
    line: line?.line ?? null,
    user: line?.user ?? null,
    request_id: line?.request_id ?? null,
    exception: line?.exception ?? null,
    data: line?.data ?? null,
  };
}

const idOf = ({ file, offset }: LogFilePosition) => `${file}-${offset}`;

function positionOf(parameter: string, id: string | undefined): LogFilePosition | undefined {
  if (id === undefined) return undefined;
  const parts = /^(\d{1,16})-(\d{1,16})$/.exec(id);
  if (!parts) throw new InvalidInput({ parameter, message: say('faults.cursor') });
  return { file: Number(parts[1]), offset: Number(parts[2]) };
}
