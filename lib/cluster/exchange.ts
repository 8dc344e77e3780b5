import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createGunzip } from 'node:zlib';
import { AppError } from '../domain/errors';
import { isSaid, type Said, say } from '../domain/said';
import type { MessageKey } from '../i18n/messages';

export type Exchange = {
  url: URL;
  method: 'GET' | 'POST' | 'DELETE';
  headers: Record<string, string>;
  body?: string;
  /** Keeps connections open for the next exchange; without it, this exchange has its own. */
  agent?: Agent;
  /** For the whole exchange: a trickle of bytes does not extend it. */
  timeoutMs: number;
  /** Limit for the answer, decompressed. */
  maxBytes: number;
  /** Aborts the exchange; it rejects with the reason. */
  signal?: AbortSignal;
};

export type Answer = { status: number; retryAfter: string | null; body: string };

/** There is no usable answer; the message is the reason in a few words. */
export class ExchangeFault extends AppError {
  override name = 'ExchangeFault';
  constructor(
    message: string | Said,
    /** Whether the request may have arrived nevertheless. */
    readonly sent: boolean,
  ) {
    super('internal', message);
  }
}

/**
 * Performs one HTTP exchange, bounded in time and size, without following redirects. Rejects with an `ExchangeFault`.
 */
export function exchange(asked: Exchange): Promise<Answer> {
  const { url, method, headers, body, agent, timeoutMs, maxBytes, signal } = asked;
  return new Promise((resolve, reject) => {
    let connected = false;
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      act();
    };
    const fail = (words: string | Said) =>
      settle(() => {
        reject(new ExchangeFault(words, connected));
        outgoing.destroy();
      });
    const onAbort = () => {
      const reason: unknown = signal?.reason;
      fail(isSaid(reason) ? reason : String(reason));
    };
    const failed = (error: NodeJS.ErrnoException) => fail(wordsFor(error));
    const onAnswer = (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const packed = answer.headers['content-encoding'] === 'gzip';
      const unpacked = packed ? answer.pipe(createGunzip()) : answer;
      unpacked.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) fail(say('collectors.tooMuch', { mib: maxBytes / 1024 / 1024 }));
        else chunks.push(chunk);
      });
      for (const part of new Set([answer, unpacked])) part.on('error', failed);
      unpacked.on('end', () =>
        settle(() =>
          resolve({
            status: answer.statusCode ?? 0,
            retryAfter: answer.headers['retry-after'] ?? null,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        ),
      );
    };
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = send(
      url,
      { method, agent: agent ?? false, headers: { ...headers, ...length } },
      onAnswer,
    );
    outgoing.on('socket', (socket) => {
      connected = !socket.connecting;
      socket.once('connect', () => {
        connected = true;
      });
    });
    outgoing.on('error', failed);
    const timer = setTimeout(
      () => fail(say('collectors.noAnswer', { seconds: timeoutMs / 1000 })),
      timeoutMs,
    );
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort);
    outgoing.end(body);
  });
}

const WORDS: Record<string, MessageKey> = {
  ECONNREFUSED: 'collectors.nothingListens',
  ECONNRESET: 'collectors.reset',
  ENOTFOUND: 'collectors.nameUnknown',
  EAI_AGAIN: 'collectors.noLookup',
  ENETUNREACH: 'collectors.noNetwork',
  EHOSTUNREACH: 'collectors.noHost',
  ETIMEDOUT: 'collectors.noConnection',
};

function wordsFor({ code, message }: NodeJS.ErrnoException): string | Said {
  const key = WORDS[code ?? ''];
  return key ? say(key) : message;
}
