import * as z from 'zod';
import { TELEGRAM_CHAT_ID, TELEGRAM_TOKEN } from '../domain/telegram';
import type { MessageKey } from '../i18n/messages';
import { empty, httpUrl, list, says, text } from './fields';

const matching = (pattern: RegExp, must: MessageKey) =>
  text.refine((value) => value === undefined || pattern.test(value), says(must));

/** An HTTP URL whose path is like this. */
const urlWith = (path: RegExp, must: MessageKey) =>
  httpUrl.refine((value) => value === undefined || path.test(new URL(value).pathname), says(must));

const ADDRESS = /^[^\s<>,;:"@]+@[^\s<>,;:"@]+$/;

const smtpUrl = z.preprocess(
  empty,
  z
    .url({
      protocol: /^smtps?$/,
      ...says('settingFaults.mailServer'),
    })
    .refine((value) => new URL(value).password === '', says('settingFaults.noPassword'))
    .optional(),
);

/** The settings of the channels that messages go to. */
export const channelFields = {
  TELEGRAM_BOT_TOKEN: matching(TELEGRAM_TOKEN, 'settingFaults.botToken'),
  TELEGRAM_CHAT_ID: matching(TELEGRAM_CHAT_ID, 'settingFaults.chat'),
  TELEGRAM_API_URL: httpUrl,
  ALERT_WEBHOOK_URL: httpUrl,
  ALERT_WEBHOOK_SECRET: text,
  NTFY_URL: urlWith(/^\/[-_A-Za-z0-9]{1,64}$/, 'settingFaults.topic'),
  NTFY_TOKEN: text,
  DISCORD_WEBHOOK_URL: urlWith(/\/webhooks\/\d+\/[^/]+$/, 'settingFaults.discord'),
  SLACK_WEBHOOK_URL: httpUrl,
  GOTIFY_URL: httpUrl,
  GOTIFY_TOKEN: text,
  MATRIX_URL: httpUrl,
  MATRIX_ROOM: matching(/^![^\s/]{1,254}$/, 'settingFaults.room'),
  MATRIX_TOKEN: text,
  SMTP_URL: smtpUrl,
  SMTP_PASSWORD: text,
  SMTP_FROM: matching(ADDRESS, 'settingFaults.address'),
  SMTP_TO: text.refine(
    (value) => list(value).every((address) => ADDRESS.test(address)),
    says('settingFaults.addresses'),
  ),
  APPRISE_URL: urlWith(/\/notify\/[^/]+\/?$/, 'settingFaults.apprise'),
  APPRISE_TAG: text,
  HOME_ASSISTANT_WEBHOOK_URL: urlWith(/\/api\/webhook\/[^/]+$/, 'settingFaults.homeAssistant'),
  PUSHOVER_TOKEN: matching(/^[A-Za-z0-9]{30}$/, 'settingFaults.pushoverToken'),
  PUSHOVER_USER: matching(/^[A-Za-z0-9]{30}$/, 'settingFaults.pushoverUser'),
  PUSHOVER_API_URL: httpUrl,
};

/** The first requires the second. */
export const CHANNEL_PAIRS = [
  ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_CHAT_ID'],
  ['TELEGRAM_CHAT_ID', 'TELEGRAM_BOT_TOKEN'],
  ['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRET'],
  ['ALERT_WEBHOOK_SECRET', 'ALERT_WEBHOOK_URL'],
  ['NTFY_TOKEN', 'NTFY_URL'],
  ['GOTIFY_URL', 'GOTIFY_TOKEN'],
  ['GOTIFY_TOKEN', 'GOTIFY_URL'],
  ['MATRIX_URL', 'MATRIX_ROOM'],
  ['MATRIX_ROOM', 'MATRIX_TOKEN'],
  ['MATRIX_TOKEN', 'MATRIX_URL'],
  ['SMTP_URL', 'SMTP_FROM'],
  ['SMTP_FROM', 'SMTP_TO'],
  ['SMTP_TO', 'SMTP_URL'],
  ['SMTP_PASSWORD', 'SMTP_URL'],
  ['APPRISE_TAG', 'APPRISE_URL'],
  ['PUSHOVER_TOKEN', 'PUSHOVER_USER'],
  ['PUSHOVER_USER', 'PUSHOVER_TOKEN'],
] as const;

/** The channels, each `null` where it is not set up. */
export type ChannelsConfig = {
  telegram: { token: string; chatId: string; apiUrl: string | undefined } | null;
  webhook: { url: string; secret: string } | null;
  ntfy: { url: string; token: string | null } | null;
  discord: { url: string } | null;
  slack: { url: string } | null;
  gotify: { url: string; token: string } | null;
  matrix: { url: string; room: string; token: string } | null;
  email: EmailConfig | null;
  apprise: { url: string; tag: string | null } | null;
  homeassistant: { url: string } | null;
  pushover: { token: string; user: string; apiUrl: string | undefined } | null;
};

type EmailConfig = {
  host: string;
  port: number;
  isTls: boolean;
  login: { user: string; password: string } | null;
  from: string;
  to: string[];
};

/** Returns the channels that are set up. */
export function channelsConfig(e: z.output<z.ZodObject<typeof channelFields>>): ChannelsConfig {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_CHAT_ID: chatId } = e;
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret } = e;
  const { MATRIX_URL: homeserver, MATRIX_ROOM: room, MATRIX_TOKEN: account } = e;
  const { PUSHOVER_TOKEN: application, PUSHOVER_USER: user } = e;
  return {
    telegram: token && chatId ? { token, chatId, apiUrl: e.TELEGRAM_API_URL } : null,
    webhook: url && secret ? { url, secret } : null,
    ntfy: e.NTFY_URL ? { url: e.NTFY_URL, token: e.NTFY_TOKEN ?? null } : null,
    discord: e.DISCORD_WEBHOOK_URL ? { url: e.DISCORD_WEBHOOK_URL } : null,
    slack: e.SLACK_WEBHOOK_URL ? { url: e.SLACK_WEBHOOK_URL } : null,
    gotify: e.GOTIFY_URL && e.GOTIFY_TOKEN ? { url: e.GOTIFY_URL, token: e.GOTIFY_TOKEN } : null,
    matrix: homeserver && room && account ? { url: homeserver, room, token: account } : null,
    email: emailConfig(e),
    apprise: e.APPRISE_URL ? { url: e.APPRISE_URL, tag: e.APPRISE_TAG ?? null } : null,
    homeassistant: e.HOME_ASSISTANT_WEBHOOK_URL ? { url: e.HOME_ASSISTANT_WEBHOOK_URL } : null,
    pushover: application && user ? { token: application, user, apiUrl: e.PUSHOVER_API_URL } : null,
  };
}

type EmailFields = 'SMTP_URL' | 'SMTP_PASSWORD' | 'SMTP_FROM' | 'SMTP_TO';

function emailConfig(
  e: Pick<z.output<z.ZodObject<typeof channelFields>>, EmailFields>,
): EmailConfig | null {
  if (!e.SMTP_URL || !e.SMTP_FROM || !e.SMTP_TO) return null;
  const { protocol, hostname, port, username } = new URL(e.SMTP_URL);
  const isTls = protocol === 'smtps:';
  const user = decodeURIComponent(username);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isTls ? 465 : 587) : Number(port),
    isTls,
    login: user === '' ? null : { user, password: e.SMTP_PASSWORD ?? '' },
    from: e.SMTP_FROM,
    to: list(e.SMTP_TO),
  };
}
