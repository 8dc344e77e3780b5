import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { type SaidValue, say } from '../domain/said';
import { TailscaleError } from './tailscale';

export type BoundedRequest = {
  to: { socketPath: string } | { url: URL };
  method: 'GET' | 'POST';
  /** Path and query; on a URL, below the URL's own path. */
  path: string;
  headers?: Record<string, string>;
  timeoutMs: number;
  maxBytes: number;
  /** The name of the call, for messages: `status over /run/…/tailscaled.sock`. */
  origin: SaidValue;
  /** Turns a system error into an error with a remedy. */
  explain: (fault: NodeJS.ErrnoException) => TailscaleError;
};

/**
 * Makes one HTTP exchange on a connection of its own: all of it within `timeoutMs` (a trickle of bytes does not extend
 * it), the body at most `maxBytes`. Rejects with a `TailscaleError`: `timeout`, `bad_answer` when too large, else what
 * `explain` returns.
 */
export function boundedRequest(call: BoundedRequest): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
      outgoing.destroy();
    };
    const fail = (error: TailscaleError) => settle(() => reject(error));
    const onAnswer = (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > call.maxBytes) return fail(tooLarge(call.origin, call.maxBytes));
        chunks.push(chunk);
      });
      answer.on('error', (fault) => fail(call.explain(fault)));
      answer.on('end', () =>
        settle(() =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        ),
      );
    };
    const options = { method: call.method, headers: call.headers, agent: false as const };
    const outgoing =
      'socketPath' in call.to
        ? httpRequest({ ...options, socketPath: call.to.socketPath, path: call.path }, onAnswer)
        : requestTo(call.to.url, { ...options, path: call.path }, onAnswer);
    const timer = setTimeout(() => fail(timedOut(call.origin, call.timeoutMs)), call.timeoutMs);
    outgoing.on('error', (fault) => fail(call.explain(fault)));
    outgoing.end();
  });
}

function requestTo(
  url: URL,
  options: { method: string; headers?: Record<string, string>; agent: false; path: string },
  onAnswer: (answer: IncomingMessage) => void,
) {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const path = url.pathname.replace(/\/$/, '') + options.path;
  // A proxy made of a shell script, as the seed's, ends its header lines with a bare LF, which only the lenient parser
  // takes. Lenient parsing is dangerous on shared connections, but every call here has its own.
  return send({ ...urlToHttpOptions(url), ...options, path, insecureHTTPParser: true }, onAnswer);
}

/** `timeout`: no answer, or not all of it, came in time. */
export function timedOut(origin: SaidValue, timeoutMs: number): TailscaleError {
  return new TailscaleError(
    'timeout',
    say('tailscaled.noAnswer', { origin, seconds: timeoutMs / 1000 }),
  );
}

/** `bad_answer`: more bytes than any tailnet needs. */
export function tooLarge(origin: SaidValue, maxBytes: number): TailscaleError {
  return new TailscaleError(
    'bad_answer',
    say('tailscaled.tooMuch', { origin, kib: Math.round(maxBytes / 1024) }),
  );
}
