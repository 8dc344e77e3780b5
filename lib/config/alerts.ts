import { z } from 'zod';
import { TELEGRAM_CHAT_ID, TELEGRAM_TOKEN } from '../domain/telegram';
import { SECOND } from '../util/time';
import { httpUrl, json, text, wholeOr } from './fields';

const positive = z.number().positive().optional();
const share = z.number().min(0).max(1).optional();
const thresholdsByDevice = z.record(
  z.string(),
  z.strictObject({
    latencyMs: positive,
    latencyClearMs: positive,
    offlineAfterMs: positive,
    lossRaise: share,
    lossClear: share,
  }),
);

/** The settings of alerts and of the channels their messages go to. */
export const alertFields = {
  OFFLINE_ALERT_SECONDS: wholeOr(300, 1, 86_400),
  ALERT_THRESHOLDS: json(
    thresholdsByDevice,
    '{"git":{"latencyMs":200,"latencyClearMs":150,"offlineAfterMs":60000}}',
  ),
  PUBLIC_URL: httpUrl,
  TELEGRAM_BOT_TOKEN: text.refine(
    (value) => value === undefined || TELEGRAM_TOKEN.test(value),
    'must be a bot token as BotFather gives it',
  ),
  TELEGRAM_CHAT_ID: text.refine(
    (value) => value === undefined || TELEGRAM_CHAT_ID.test(value),
    'must be a number, or the @name of a public channel',
  ),
  TELEGRAM_API_URL: httpUrl,
  ALERT_WEBHOOK_URL: httpUrl,
  ALERT_WEBHOOK_SECRET: text,
};

/** The first requires the second. */
export const ALERT_PAIRS = [
  ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_CHAT_ID'],
  ['TELEGRAM_CHAT_ID', 'TELEGRAM_BOT_TOKEN'],
  ['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRET'],
  ['ALERT_WEBHOOK_SECRET', 'ALERT_WEBHOOK_URL'],
] as const;

export type AlertsConfig = {
  offlineAfterMs: number;
  /** Overrides for single devices, by host name. */
  byDevice: z.infer<typeof thresholdsByDevice>;
  /** The public URL of the dashboard, for links in messages; without a trailing slash. */
  publicUrl: string | null;
  telegram: { token: string; chatId: string; apiUrl: string | undefined } | null;
  webhook: { url: string; secret: string } | null;
};

/** Returns the alerts' settings. */
export function alertsConfig(e: z.output<z.ZodObject<typeof alertFields>>): AlertsConfig {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_CHAT_ID: chatId } = e;
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret } = e;
  return {
    offlineAfterMs: e.OFFLINE_ALERT_SECONDS * SECOND,
    byDevice: e.ALERT_THRESHOLDS,
    publicUrl: e.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    telegram: token && chatId ? { token, chatId, apiUrl: e.TELEGRAM_API_URL } : null,
    webhook: url && secret ? { url, secret } : null,
  };
}
