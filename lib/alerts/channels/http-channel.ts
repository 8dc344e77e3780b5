import type { IncomingHttpHeaders } from 'node:http';
import type { Delivery } from '../../domain/notice';
import { type Said, say } from '../../domain/said';
import type { Language } from '../../i18n/languages';
import type { MessageKey } from '../../i18n/messages';
import { inLanguage } from '../../i18n/on-server';
import { HOUR } from '../../util/time';
import { type Content, contentOf, type Words } from '../message-content';
import type { Notifier, Outgoing } from '../notifier';
import { oneLine } from '../one-line';
import { type Answer, boundedPost, PostFault } from './bounded-post';
import { refusal } from './refusal';

const TIMEOUT_MS = 10_000;
const ANSWER_MAX = 64 * 1024;
/** The longest that a server may delay a message. */
const LONGEST_WAIT_MS = HOUR;
const REASON_MAX = 200;
/** Shorter ones would be found within ordinary words. */
const SHORTEST_SECRET = 6;

/** What every channel needs to word its messages. */
export type Common = Words & {
  language: Language;
  /** By default ten seconds. */
  timeoutMs?: number;
};

/** One request of a service's API. */
type Call = {
  url: URL;
  method?: 'POST' | 'PUT';
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body: unknown;
};

/** A service that takes a message as one request with JSON: what differs from one to the next. */
export type HttpService = {
  /** The channel's name. */
  name: string;
  /** The service's, as people write it. */
  title: string;
  /** The least time between two messages; milliseconds. */
  minGapMs: number;
  call(content: Content, outgoing: Outgoing): Call;
  /** What to do about a refusal, by HTTP status; begins with a verb. */
  remedies: Record<number, MessageKey>;
  /** What the service says in an answer, where it is not the whole text. */
  reasonIn?(body: string): string | null;
  /** How long the service asks to wait in an answer's headers and body, where it says so beside `Retry-After`; milliseconds. */
  waitIn?(answer: Answer, now: number): number | null;
  /** Why an answer of 200 to 299 is a refusal nevertheless; `null` where it is none. */
  refusalIn?(answer: Answer): Said | null;
  /** What must not be in an error. */
  secrets: readonly string[];
};

/**
 * Sends messages to a service with an HTTP API. Redirects are not followed; answers are bounded in size and time. No
 * error has a secret or the path of a URL in it.
 */
export class HttpChannel implements Notifier {
  readonly name: string;
  readonly minGapMs: number;

  constructor(
    private readonly service: HttpService,
    private readonly common: Common,
  ) {
    this.name = service.name;
    this.minGapMs = service.minGapMs;
  }

  async send(outgoing: Outgoing, beforeBytes: () => Promise<void>): Promise<Delivery> {
    const { language, timeoutMs = TIMEOUT_MS } = this.common;
    const { url, method, headers, body } = inLanguage(language, () =>
      this.service.call(contentOf(outgoing.message, this.common), outgoing),
    );
    try {
      const answer = await boundedPost({
        ...{ url, method, headers: headers ?? {}, body: JSON.stringify(body) },
        ...{ timeoutMs, maxBytes: ANSWER_MAX, beforeBytes },
      });
      return this.judge(answer, url.host);
    } catch (error) {
      if (!(error instanceof PostFault)) throw error;
      return { state: 'retry', error: error.said, afterMs: null };
    }
  }

  private judge(answer: Answer, host: string): Delivery {
    const { status } = answer;
    const isTaken = status >= 200 && status < 300;
    const nothing = isTaken ? (this.service.refusalIn?.(answer) ?? null) : null;
    if (isTaken && nothing === null) return { state: 'sent' };
    const error = this.explain(answer, host, nothing);
    if (status === 408 || status === 429 || status >= 500) {
      const wait = this.service.waitIn?.(answer, Date.now()) ?? retryAfter(answer.headers);
      return { state: 'retry', error, afterMs: wait === null ? null : clamped(wait) };
    }
    return { state: 'failed', error };
  }

  private explain({ status, body }: Answer, host: string, nothing: Said | null): Said {
    const { title, remedies, secrets, reasonIn } = this.service;
    // A service may echo what it was sent.
    const own = secrets
      .filter(({ length }) => length >= SHORTEST_SECRET)
      .reduce((text, secret) => text.replaceAll(secret, '…'), reasonIn?.(body) ?? '');
    const isMoved = status >= 300 && status < 400;
    const key = remedies[status] ?? (isMoved ? 'channelFaults.follow' : undefined);
    return refusal({
      ...{ service: `${title} (${host})`, status },
      reason: nothing ?? oneLine(own, REASON_MAX),
      advice: key && say(key),
    });
  }
}

/** Returns the wait that `Retry-After` asks for (RFC 9110, 10.2.3); `null` where it is none. */
function retryAfter(headers: IncomingHttpHeaders): number | null {
  const value = headers['retry-after'] ?? '';
  if (/^\d{1,6}(\.\d{1,9})?$/.test(value)) return Number(value) * 1_000;
  const until = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(until) ? null : until - Date.now();
}

const clamped = (wait: number) => Math.ceil(Math.min(Math.max(0, wait), LONGEST_WAIT_MS));

/** Returns a URL with more segments below its path. Throws an `Error` when it is none, without repeating it. */
export function below(url: string, ...segments: string[]): URL {
  if (!URL.canParse(url)) throw new Error('The URL of a channel is not a URL');
  const made = new URL(url);
  const path = made.pathname.replace(/\/+$/, '');
  made.pathname = [path, ...segments.map(encodeURIComponent)].join('/');
  return made;
}

/** Returns what must be kept secret of an address that is a secret itself: its path, the last part of that, the rest. */
export const secretsIn = ({ pathname, password, search }: URL): string[] => [
  pathname,
  pathname.split('/').at(-1) ?? '',
  password,
  search,
];
