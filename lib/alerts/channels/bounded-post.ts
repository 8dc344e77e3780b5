import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { AppError } from '../../domain/errors';
import { type Said, say } from '../../domain/said';
import type { MessageKey } from '../../i18n/messages';

export type Post = {
  url: URL;
  /** By default POST. */
  method?: 'POST' | 'PUT' | undefined;
  headers: Record<string, string>;
  body: string;
  /** For the whole exchange: a trickle of bytes does not extend it. */
  timeoutMs: number;
  /** Of the answer. */
  maxBytes: number;
  /** Awaited once there is a connection, before the first byte is written. */
  beforeBytes: () => Promise<void>;
};

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/**
 * Reports that there is no usable answer. The message names the fault and the host, never the rest of the URL, which
 * may hold a secret.
 */
export class PostFault extends AppError {
  override name = 'PostFault';
  constructor(fault: Said) {
    super('internal', fault);
  }
}

/**
 * Sends one POST, or PUT, of JSON on a connection of its own; redirects are not followed. Rejects with a `PostFault`, or with
 * what `beforeBytes` threw; then no byte was written.
 */
export function boundedPost(post: Post): Promise<Answer> {
  const { url, timeoutMs, maxBytes } = post;
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
      outgoing.destroy();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    const fault = (said: Said) => fail(new PostFault(said));
    const broken = (error: NodeJS.ErrnoException) => fault(wordsFor(error, url.host));
    const secure = url.protocol === 'https:';
    const outgoing = (secure ? httpsRequest : httpRequest)({
      ...urlToHttpOptions(url),
      method: post.method ?? 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(post.body)),
        ...post.headers,
      },
    });
    const silence = { host: url.host, seconds: String(timeoutMs / 1000) };
    const timer = setTimeout(() => fault(say('channelFaults.silent', silence)), timeoutMs);
    outgoing.on('error', broken);
    outgoing.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        post.beforeBytes().then(() => {
          if (!outgoing.destroyed) outgoing.end(post.body);
        }, fail);
      });
    });
    outgoing.on('response', (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= maxBytes) chunks.push(chunk);
        else fault(say('channelFaults.tooLong', { host: url.host, kib: String(maxBytes / 1024) }));
      });
      answer.on('error', broken);
      answer.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const { statusCode: status = 0, headers } = answer;
        settle(() => resolve({ status, headers, body }));
      });
    });
  });
}

const WORDS: Record<string, MessageKey> = {
  ECONNREFUSED: 'channelFaults.refused',
  ECONNRESET: 'channelFaults.reset',
  ENOTFOUND: 'channelFaults.nameUnknown',
  EAI_AGAIN: 'channelFaults.nameNotNow',
  ENETUNREACH: 'channelFaults.noNetwork',
  EHOSTUNREACH: 'channelFaults.noHost',
  ETIMEDOUT: 'channelFaults.noConnection',
};

/** By code alone: Node's own message may quote the URL. */
function wordsFor({ code }: NodeJS.ErrnoException, host: string): Said {
  if (code === undefined) return say('channelFaults.failedSomehow', { host });
  const key = WORDS[code];
  return key ? say(key, { host }) : say('channelFaults.failed', { host, code });
}
