import { TooMany } from '../domain/errors';
import { say } from '../domain/said';
import { logger } from '../log/log';
import { withoutFormula } from '../util/csv';
import { SECOND } from '../util/time';

/** Answers that are files: streamed as fast as the client takes them, and named. */

const log = logger('api');

const MOST_DOWNLOADS = 8;
/** A client that takes nothing for this long has gone. */
const PATIENCE_MS = 120 * SECOND;
let running = 0;

export const CSV_TYPE = 'text/csv; charset=utf-8';
export const JSONL_TYPE = 'application/jsonl; charset=utf-8';

/** Creates the answer. Throws `TooMany`. */
export function fileResponse(
  parts: AsyncGenerator<string>,
  { name, type, signal }: { name: string; type: string; signal: AbortSignal },
): Response {
  return new Response(streamOf(parts, signal), {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}

/** Returns a value for a CSV file that no spreadsheet runs. */
export function harmless(value: string | number | boolean | null): string | number | null {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? withoutFormula(value) : value;
}

/** Formats an instant for a file's name: `2026-11-20T0800Z`. */
export const stamp = (time: number) =>
  `${new Date(time).toISOString().slice(0, 16).replaceAll(':', '')}Z`;

const RANGE = new Set(['hours', 'days', 'from', 'to']);
const LONGEST_NAME = 120;

/** Names the filter in letters that every file system has: `_user-ana@example.org_status-not-4xx`. */
export function filterName(parameters: URLSearchParams): string {
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

/**
 * Streams the parts as fast as the client takes them. Ends with an error, never quietly, when the store fails: a client
 * must not take a part for the whole. Throws `TooMany`.
 */
function streamOf(parts: AsyncGenerator<string>, signal: AbortSignal): ReadableStream<Uint8Array> {
  if (running >= MOST_DOWNLOADS) throw new TooMany(say('problems.manyDownloads'), 60);
  running++;
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const end = () => {
    clearTimeout(timer);
    if (ended) return;
    ended = true;
    running--;
    void parts.return(undefined);
  };
  return new ReadableStream<Uint8Array>({
    start() {
      signal.addEventListener('abort', end);
    },
    async pull(controller) {
      clearTimeout(timer);
      try {
        const next = await parts.next();
        if (ended || next.done) {
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
