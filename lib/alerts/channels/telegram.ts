import * as z from 'zod';
import type { Delivery } from '../../domain/notice';
import { type Said, say } from '../../domain/said';
import { TELEGRAM_CHAT_ID, TELEGRAM_TOKEN } from '../../domain/telegram';
import type { MessageKey } from '../../i18n/messages';
import { inLanguage } from '../../i18n/on-server';
import { messageHtml } from '../message';
import type { Notifier, Outgoing } from '../notifier';
import { type Answer, boundedPost, PostFault } from './bounded-post';
import type { Common } from './http-channel';
import { refusal } from './refusal';

const TIMEOUT_MS = 10_000;
const ANSWER_MAX = 64 * 1024;
const DESCRIPTION_MAX = 200;
const TELEGRAM_API_URL = 'https://api.telegram.org';

/** https://core.telegram.org/bots/api#making-requests and #responseparameters */
const answerSchema = z.object({
  ok: z.boolean(),
  description: z.string().optional(),
  parameters: z
    .object({
      retry_after: z.number().nonnegative().optional(),
      migrate_to_chat_id: z.number().optional(),
    })
    .optional(),
});
type BotAnswer = z.infer<typeof answerSchema>;

export type TelegramSettings = {
  token: string;
  chatId: string;
  /** `https://api.telegram.org`, or the URL of a self-hosted Bot API server. */
  apiUrl?: string | undefined;
};
export type TelegramOptions = TelegramSettings & Common;

/** Sends messages to one Telegram chat by the Bot API's sendMessage. No error contains the token. */
export class TelegramNotifier implements Notifier {
  readonly name = 'telegram';
  readonly minGapMs: number;
  private readonly url: URL;

  /** Throws when the token, the chat or the URL is malformed. */
  constructor(private readonly options: TelegramOptions) {
    const { token, chatId, apiUrl = TELEGRAM_API_URL } = options;
    if (!TELEGRAM_TOKEN.test(token)) {
      throw new Error(
        'The Telegram bot token must look like 123456789:AAE…, as BotFather gives it',
      );
    }
    if (!TELEGRAM_CHAT_ID.test(chatId)) {
      throw new Error('The Telegram chat must be a number, or @ and the name of a channel');
    }
    if (!URL.canParse(apiUrl)) throw new Error('The URL of the Telegram API is not a URL');
    this.url = new URL(`${apiUrl.replace(/\/+$/, '')}/bot${token}/sendMessage`);
    // Telegram takes one message a second to a chat, and 20 a minute to a group (https://core.telegram.org/bots/faq).
    this.minGapMs = /^[-@]/.test(chatId) ? 3_000 : 1_000;
  }

  async send({ message }: Outgoing, beforeBytes: () => Promise<void>): Promise<Delivery> {
    const { chatId, language } = this.options;
    const body = JSON.stringify({
      chat_id: chatId,
      text: inLanguage(language, () => messageHtml(message, this.options)),
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    });
    try {
      const answer = await boundedPost({
        url: this.url,
        headers: {},
        body,
        timeoutMs: this.options.timeoutMs ?? TIMEOUT_MS,
        maxBytes: ANSWER_MAX,
        beforeBytes,
      });
      return this.judge(answer);
    } catch (error) {
      if (!(error instanceof PostFault)) throw error;
      return { state: 'retry', error: error.said, afterMs: null };
    }
  }

  private judge({ status, body }: Answer): Delivery {
    const answer = parse(body);
    if (status === 200 && answer?.ok) return { state: 'sent' };
    const error = this.explain(status, answer);
    if (status === 429) {
      const seconds = answer?.parameters?.retry_after;
      return { state: 'retry', error, afterMs: seconds === undefined ? null : seconds * 1000 };
    }
    const refused = status >= 300 && status < 500;
    return refused ? { state: 'failed', error } : { state: 'retry', error, afterMs: null };
  }

  private explain(status: number, answer: BotAnswer | null): Said {
    if (!answer) {
      const { host } = this.url;
      return say('channelFaults.notTelegrams', { host, status: String(status) });
    }
    const moved = answer.parameters?.migrate_to_chat_id;
    const key = REMEDIES[status];
    return refusal({
      ...{ service: 'Telegram', status },
      // A server that is not Telegram's may echo the request, token included.
      reason: (answer.description ?? '')
        .replaceAll(this.options.token, '…')
        .slice(0, DESCRIPTION_MAX),
      advice:
        moved !== undefined
          ? say('channelFaults.telegramMoved', { chat: String(moved) })
          : key && say(key),
    });
  }
}

const REMEDIES: Record<number, MessageKey> = {
  400: 'channelFaults.telegramChat',
  401: 'channelFaults.telegramToken',
  403: 'channelFaults.telegramForbidden',
  404: 'channelFaults.telegramUrl',
};

function parse(body: string): BotAnswer | null {
  try {
    return answerSchema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}
