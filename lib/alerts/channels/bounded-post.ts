import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { AppError } from '../../domain/errors';

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
  constructor(message: string) {
    super('internal', message);
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
    const fault = (what: string) => fail(new PostFault(`${url.host}: ${what}`));
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
    const timer = setTimeout(() => fault(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    outgoing.on('error', (error: NodeJS.ErrnoException) => fault(wordsFor(error)));
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
        if (bytes > maxBytes) fault(`an answer of more than ${maxBytes / 1024} KiB`);
        else chunks.push(chunk);
      });
      answer.on('error', (error: NodeJS.ErrnoException) => fault(wordsFor(error)));
      answer.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const { statusCode: status = 0, headers } = answer;
        settle(() => resolve({ status, headers, body }));
      });
    });
  });
}

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'names cannot be looked up now',
  ENETUNREACH: 'the network cannot be reached',
  EHOSTUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'no connection in time',
};

/** By code alone: Node's own message may quote the URL. */
function wordsFor({ code }: NodeJS.ErrnoException): string {
  return (code && WORDS[code]) || `the request failed (${code ?? 'unknown fault'})`;
}
