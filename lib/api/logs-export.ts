import * as z from 'zod';
import { requireRole } from '../identity/current';
import { allLines } from '../log/search';
import { csvRow } from '../util/csv';
import { CSV_TYPE, fileResponse, filterName, harmless, JSONL_TYPE, stamp } from './download';
import { problemResponse } from './errors';
import {
  entryResponse,
  type LogEntryResponse,
  logAsked,
  logEntrySchema,
  logFilterQuery,
} from './logs';
import { parseQuery } from './query';

type Format = { type: string; head: string; row: (line: LogEntryResponse) => string };

const COLUMNS = z.keyof(logEntrySchema).options.filter((name) => name !== 'id');

const FORMATS = {
  csv: {
    type: CSV_TYPE,
    head: csvRow(COLUMNS),
    row: (line) =>
      csvRow(
        COLUMNS.map((name) => {
          const value = line[name];
          return harmless(value instanceof Object ? JSON.stringify(value) : value);
        }),
      ),
  },
  jsonl: { type: JSONL_TYPE, head: '', row: (line) => `${JSON.stringify(line)}\n` },
} satisfies Record<string, Format>;

/** The calls that answer with all matching lines of the log, by path; described in `/openapi.json`. */
export const logExports = {
  '/logs/search.csv': {
    summary:
      'All matching lines of the service’s log, oldest first, as CSV (default: errors of the last 24 hours); for admins',
    query: logFilterQuery,
    type: CSV_TYPE,
  },
  '/logs/search.jsonl': {
    summary:
      'All matching lines of the service’s log, oldest first, one JSON object per line; for admins',
    query: logFilterQuery,
    type: JSONL_TYPE,
  },
};

/** Creates the route handler of such a call. */
export function logExportHandler(format: keyof typeof FORMATS) {
  return (request: Request): Response => {
    try {
      requireRole('admin');
      const { searchParams } = new URL(request.url);
      const { folder, range, filter } = logAsked(parseQuery(logFilterQuery, searchParams));
      const name = `log_${stamp(range.from)}_${stamp(range.to)}${filterName(searchParams)}.${format}`;
      const { type } = FORMATS[format];
      const parts = linesOf(allLines(folder, filter), FORMATS[format]);
      return fileResponse(parts, { name, type, signal: request.signal });
    } catch (error) {
      return problemResponse(error);
    }
  };
}

async function* linesOf(
  pieces: ReturnType<typeof allLines>,
  { head, row }: Format,
): AsyncGenerator<string> {
  yield head;
  for await (const lines of pieces) yield lines.map((line) => row(entryResponse(line))).join('');
}
