import * as z from 'zod';
import { requireRole } from '../identity/current';
import { currentServices, type Services } from '../services';
import { csvRow } from '../util/csv';
import { hitsAsked, keptOf } from './analytics';
import { CSV_TYPE, fileResponse, filterName, harmless, JSONL_TYPE, stamp } from './download';
import { problemResponse } from './errors';
import { accessLogsQuery, collectorParameter, parseQuery } from './query';
import { type HitResponse, hitSchema } from './schemas';
import { hitResponse } from './wire';

/** Every filter of the list, without its pages. */
const query = accessLogsQuery
  .omit({ limit: true, cursor: true })
  .extend({ collector: collectorParameter });

type Format = { type: string; head: string; row: (hit: HitResponse) => string };

const COLUMNS = z.keyof(hitSchema).options;

const FORMATS = {
  csv: {
    type: CSV_TYPE,
    head: csvRow(COLUMNS),
    row: (hit) => csvRow(COLUMNS.map((name) => harmless(hit[name]))),
  },
  jsonl: {
    type: JSONL_TYPE,
    head: '',
    row: (hit) => `${JSON.stringify(hit)}\n`,
  },
} satisfies Record<string, Format>;

/** The calls that answer with all matching hits as a stream, by path; described in `/openapi.json`. */
export const exports = {
  '/analytics/access-logs.csv': {
    summary:
      'All matching hits, newest first, as CSV (default: the last 24 hours); text that a spreadsheet would run is quoted',
    query,
    type: FORMATS.csv.type,
  },
  '/analytics/access-logs.jsonl': {
    summary:
      'All matching hits, newest first, one JSON object per line (default: the last 24 hours)',
    query,
    type: FORMATS.jsonl.type,
  },
};

/** Hits that are in memory at a time, per download. */
const PAGE = 1_000;

/** Creates the route handler of an export. */
export function exportHandler(format: keyof typeof FORMATS) {
  return (request: Request): Response => {
    try {
      requireRole('viewer');
      const { searchParams } = new URL(request.url);
      const { collector, ...asked } = parseQuery(query, searchParams);
      const services = currentServices().forCollector(collector);
      const selection = hitsAsked(services, asked);
      // As the list counts them, whether or not older ones are still there.
      const range = keptOf(services, selection.range);
      const name = `accesses_${stamp(range.from)}_${stamp(range.to)}${filterName(searchParams)}`;
      const file = { name: `${name}.${format}`, type: FORMATS[format].type };
      const parts = pages(services, { ...selection, range }, FORMATS[format]);
      return fileResponse(parts, { ...file, signal: request.signal });
    } catch (error) {
      return problemResponse(error);
    }
  };
}

async function* pages(
  { histories }: Services,
  { range, filter }: ReturnType<typeof hitsAsked>,
  { head, row }: Format,
): AsyncGenerator<string> {
  yield head;
  if (range.from >= range.to) return;
  let cursor: string | null = null;
  do {
    const page = await histories.accesses.hits(range, filter, PAGE, cursor);
    yield page.hits.map((hit) => row(hitResponse(hit))).join('');
    cursor = page.nextCursor;
  } while (cursor !== null);
}
