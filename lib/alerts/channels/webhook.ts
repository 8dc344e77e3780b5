import { createHmac } from 'node:crypto';
import { alertFields } from '../../domain/alert-fields';
import { digestFields } from '../../domain/digest';
import type { Delivery, Message } from '../../domain/notice';
import type { Language } from '../../i18n/languages';
import { inLanguage } from '../../i18n/on-server';
import { HOUR } from '../../util/time';
import { alertLink } from '../message-content';
import type { Notifier, Outgoing } from '../notifier';
import { type Answer, boundedPost, PostFault } from './bounded-post';
import { refusal } from './refusal';

const TIMEOUT_MS = 10_000;
const ANSWER_MAX = 64 * 1024;
/** The longest that a server may delay a message. */
const LONGEST_WAIT_MS = HOUR;

export type WebhookSettings = {
  url: string;
  /** Shared with the receiver; it signs every request. */
  secret: string;
};

type WebhookOptions = WebhookSettings & {
  publicUrl: string | null;
  /** What titles and evidence are written in. */
  language: Language;
  now?: () => number;
  timeoutMs?: number;
};

/**
 * Sends messages as JSON to a URL. `X-Observatory-Signature` is `sha256=` and the hex HMAC-SHA256, with the secret as
 * key, of `X-Observatory-Timestamp` (Unix seconds), a dot, and the body's bytes. `id` stays the same when a message is
 * retried, so a receiver can detect a repeat. No error contains the URL's path, which may be a secret too.
 */
export class WebhookNotifier implements Notifier {
  readonly name = 'webhook';
  readonly minGapMs = 1_000;
  private readonly url: URL;

  /** Throws when the URL is invalid or there is no secret. */
  constructor(private readonly options: WebhookOptions) {
    if (!URL.canParse(options.url)) throw new Error('The URL of the webhook is not a URL');
    if (options.secret === '') throw new Error('The webhook needs a secret to sign with');
    this.url = new URL(options.url);
  }

  async send({ id, message }: Outgoing, beforeBytes: () => Promise<void>): Promise<Delivery> {
    const { secret, publicUrl, language, now = Date.now, timeoutMs = TIMEOUT_MS } = this.options;
    const body = inLanguage(language, () => JSON.stringify(toWire(id, message, publicUrl)));
    const timestamp = String(Math.floor(now() / 1000));
    try {
      const answer = await boundedPost({
        url: this.url,
        headers: {
          'X-Observatory-Timestamp': timestamp,
          'X-Observatory-Signature': signature(secret, timestamp, body),
        },
        body,
        timeoutMs,
        maxBytes: ANSWER_MAX,
        beforeBytes,
      });
      return judge(answer, this.url.host);
    } catch (error) {
      if (!(error instanceof PostFault)) throw error;
      return { state: 'retry', error: error.said, afterMs: null };
    }
  }
}

/** Returns the expected value of `X-Observatory-Signature`. */
function signature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

function judge({ status, headers }: Answer, host: string): Delivery {
  if (status >= 200 && status < 300) return { state: 'sent' };
  const error = refusal({ service: host, status });
  if (status === 429 || status === 408 || status >= 500) {
    const asked = headers['retry-after'] ?? '';
    const seconds = /^\d{1,6}$/.test(asked) ? Number(asked) : null;
    const afterMs = seconds === null ? null : Math.min(seconds * 1000, LONGEST_WAIT_MS);
    return { state: 'retry', error, afterMs };
  }
  return { state: 'failed', error };
}

/** Returns a message as programs read it. */
export function toWire(id: string, message: Message, publicUrl: string | null) {
  const iso = (time: number) => new Date(time).toISOString();
  return {
    id,
    type: message.digest ? 'digest' : message.news.length === 0 ? 'test' : 'alerts',
    created_at: iso(message.createdAt),
    unconfirmed: message.unconfirmed,
    alerts: message.news.map(({ notice: { kind, alert, at }, suppressed }) => ({
      event: kind,
      at: iso(at),
      suppressed,
      ...alertFields(alert),
      link: publicUrl === null ? null : alertLink(alert, publicUrl),
    })),
    ...(message.digest && { digest: digestFields(message.digest) }),
  };
}
