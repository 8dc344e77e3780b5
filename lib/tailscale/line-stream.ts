import { type IncomingMessage, request } from 'node:http';
import type { SaidValue } from '../domain/said';
import { timedOut, tooLarge } from './bounded-request';
import type { TailscaleError } from './tailscale';

type LineStream = {
  socketPath: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  /** How long to wait for the first line; after it, the stream may be silent for as long as it likes. */
  timeoutMs: number;
  /** Of a line. */
  maxBytes: number;
  /** Ends the stream. */
  signal: AbortSignal;
  /** The name of the call, for messages. */
  origin: SaidValue;
  /** Turns a system error into an error with a remedy. */
  explain: (fault: NodeJS.ErrnoException) => TailscaleError;
};

/**
 * Follows an answer that does not end, line by line, each after `onLine` is done with the one before. Ends when
 * `onLine` returns false, the other side ends, or by the signal; returns the status of the answer, whose lines are
 * only read when it is 200. Rejects with a `TailscaleError`.
 */
export async function followLines(
  call: LineStream,
  onLine: (line: string) => Promise<boolean>,
): Promise<number> {
  const { timeoutMs, maxBytes, signal, origin, explain } = call;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    const answer = await answerTo(call, AbortSignal.any([signal, late.signal]));
    const status = answer.statusCode ?? 0;
    if (status === 200) {
      for await (const line of linesOf(answer, () => tooLarge(origin, maxBytes), maxBytes)) {
        clearTimeout(timer);
        if (!(await onLine(line))) break;
      }
    }
    answer.destroy();
    return status;
  } catch (error) {
    if (signal.aborted) return 200;
    if (late.signal.aborted) throw timedOut(origin, timeoutMs);
    throw isFault(error) ? explain(error) : error;
  } finally {
    clearTimeout(timer);
  }
}

function answerTo(
  { socketPath, path, headers }: LineStream,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, headers, signal, agent: false }, resolve).on('error', reject).end();
  });
}

const NEWLINE = 10;

async function* linesOf(answer: IncomingMessage, tooLong: () => Error, maxBytes: number) {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    let rest: Buffer = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString('utf8');
      parts = [];
      bytes = 0;
      rest = rest.subarray(end + 1);
    }
    bytes += rest.length;
    if (bytes > maxBytes) throw tooLong();
    if (rest.length > 0) parts.push(rest);
  }
}

/** An error of the system has a code. */
const isFault = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && !('reason' in error);
