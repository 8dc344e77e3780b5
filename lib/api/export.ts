import { z } from 'zod';
import { TooMany } from '../domain/errors';
import { say } from '../domain/said';
import { requireRole } from '../identity/current';
import { logger } from '../log/log';
import { currentServices, type Services } from '../services';
import { csvRow, withoutFormula } from '../util/csv';
import { SECOND } from '../util/time';
import { hitsAsked, keptOf } from './analytics';
import { problemResponse } from './errors';
import { accessLogsQuery, collectorParameter, parseQuery } from './query';
import { type HitResponse, hitSchema } from './schemas';
import { hitResponse } from './wire';

const log = logger('api');

/** Every filter of the list, without its pages. */
const query = accessLogsQuery
  .omit({ limit: true, cursor: true })
  .extend({ collector: collectorParameter });

type Format = { type: string; head: string; row: (hit: HitResponse) => string };

const COLUMNS = z.keyof(hitSchema).options;

const FORMATS = {
  csv: {
    type: 'text/csv; charset=utf-8',
    head: csvRow(COLUMNS),
    row: (hit) => csvRow(COLUMNS.map((name) => harmless(hit[name]))),
  },
  jsonl: {
    type: 'application/jsonl; charset=utf-8',
    head: '',
    row: (hit) => `${JSON.stringify(hit)}\n`,
  },
} satisfies Record<string, Format>;

/** Returns a value that no spreadsheet runs. */
function harmless(value: HitResponse[keyof HitResponse]): string | number | null {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? withoutFormula(value) : value;
}

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
const MOST_EXPORTS = 8;
/** A client that takes nothing for this long has gone. */
const PATIENCE_MS = 120 * SECOND;
let running = 0;

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
      const { head, row, type } = FORMATS[format];
      const parts = range.from < range.to ? pages(services, { ...selection, range }, row) : null;
      return new Response(streamOf(head, parts, request.signal), {
        headers: {
          'Content-Type': type,
          'Content-Disposition': `attachment; filename="${name}.${format}"`,
          'Cache-Control': 'no-store',
        },
      });
    } catch (error) {
      return problemResponse(error);
    }
  };
}

async function* pages(
  { histories }: Services,
  { range, filter }: ReturnType<typeof hitsAsked>,
  row: Format['row'],
): AsyncGenerator<string> {
  let cursor: string | null = null;
  do {
    const page = await histories.accesses.hits(range, filter, PAGE, cursor);
    yield page.hits.map((hit) => row(hitResponse(hit))).join('');
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/**
 * Streams the parts as fast as the client takes them. Ends with an error, never quietly, when the store fails: a client
 * must not take a part for the whole. Throws `TooMany`.
 */
function streamOf(
  head: string,
  parts: AsyncGenerator<string> | null,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  if (running >= MOST_EXPORTS) throw new TooMany(say('problems.manyDownloads'), 60);
  running++;
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const end = () => {
    clearTimeout(timer);
    if (ended) return;
    ended = true;
    running--;
    void parts?.return(undefined);
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (head !== '') controller.enqueue(encoder.encode(head));
      signal.addEventListener('abort', end);
    },
    async pull(controller) {
      clearTimeout(timer);
      try {
        const next = await parts?.next();
        if (ended || next === undefined || next.done) {
          end();
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(next.value));
        timer = setTimeout(() => {
          end();
          controller.error(new Error('the client takes nothing'));
        }, PATIENCE_MS);
      } catch (error) {
        log.error('a download ended early', { error });
        end();
        controller.error(error);
      }
    },
    cancel: end,
  });
}

/** Formats an instant for a file's name: `2026-11-20T0800Z`. */
const stamp = (time: number) => `${new Date(time).toISOString().slice(0, 16).replaceAll(':', '')}Z`;

const RANGE = new Set(['hours', 'days', 'from', 'to']);
const LONGEST_NAME = 120;

/** Names the filter in letters that every file system has: `_user-ana@example.org_status-not-4xx`. */
function filterName(parameters: URLSearchParams): string {
  const words = [...parameters]
    .filter(([name]) => !RANGE.has(name))
    .map(
      ([name, value]) =>
        `_${name}-${value
          .replace(/^!/, 'not-')
          .replace(/[^\w.@-]+/g, '-')
          .replace(/^-|-$/g, '')}`,
    );
  return words.join('').slice(0, LONGEST_NAME);
}
