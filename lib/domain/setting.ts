import type { ChannelName } from './channel-name';
import type { Delivery } from './notice';

/** The settings that the page can set, by subject; their names are those of the environment. */
export const SETTING_GROUPS = {
  messages: [
    'PUBLIC_URL',
    'LANGUAGE',
    'TIME_ZONE',
    'ALERT_ROUTES',
    'QUIET_HOURS',
    'DIGEST',
    'ALERT_TITLE_TEMPLATE',
    'ALERT_BODY_TEMPLATE',
  ],
  alerts: ['CRITICAL_NODES', 'OFFLINE_ALERT_SECONDS', 'ALERT_THRESHOLDS', 'TRAFFIC_BUDGET'],
  quota: ['QUOTA_PLAN', 'QUOTA_USERS', 'QUOTA_EXTERNAL_USERS', 'QUOTA_DEVICES'],
  retention: ['RETENTION_RAW_DAYS', 'RETENTION_ROLLUP_DAYS'],
  telegram: ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_CHAT_ID', 'TELEGRAM_API_URL'],
  ntfy: ['NTFY_URL', 'NTFY_TOKEN'],
  discord: ['DISCORD_WEBHOOK_URL'],
  slack: ['SLACK_WEBHOOK_URL'],
  gotify: ['GOTIFY_URL', 'GOTIFY_TOKEN'],
  matrix: ['MATRIX_URL', 'MATRIX_ROOM', 'MATRIX_TOKEN'],
  email: ['SMTP_URL', 'SMTP_PASSWORD', 'SMTP_FROM', 'SMTP_TO'],
  apprise: ['APPRISE_URL', 'APPRISE_TAG'],
  homeassistant: ['HOME_ASSISTANT_WEBHOOK_URL'],
  pushover: ['PUSHOVER_TOKEN', 'PUSHOVER_USER', 'PUSHOVER_API_URL'],
  webhook: ['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRET'],
} as const satisfies Record<
  'messages' | 'alerts' | 'quota' | 'retention' | ChannelName,
  readonly string[]
>;
export type SettingGroup = keyof typeof SETTING_GROUPS;
export type SettingName = (typeof SETTING_GROUPS)[SettingGroup][number];

export const SETTING_NAMES: readonly SettingName[] = Object.values(SETTING_GROUPS).flat();

/** Names of settings that are never shown or repeated, and that may be in a file which `NAME_FILE` names. */
const SECRETS = /TOKEN|SECRET|PASSWORD|WEBHOOK_URL|^(NTFY|APPRISE|SMTP)_URL|^PUSHOVER_USER/;
export const isSecretSetting = (name: string): boolean => SECRETS.test(name);

/** Where a setting's value is from; what the environment says counts. */
export const SETTING_SOURCES = ['environment', 'page', 'default'] as const;

export type ShownSetting = {
  name: SettingName;
  source: (typeof SETTING_SOURCES)[number];
  /** `null`: it has none, or is a secret. */
  value: string | null;
  isSecret: boolean;
  /** It was changed on the page since the start, and counts from the next one on. */
  isPending: boolean;
};

/** The settings of a process, to be shown and changed. */
export interface SettingsService {
  shown(): ShownSetting[];
  /** Saves values, `null` for none. Throws `InvalidInput` with every fault, and then nothing is saved. */
  save(changes: Readonly<Record<string, string | null>>): void;
  /** Sends a test by a channel as it is saved; `null`: it is not set up. */
  test(channel: ChannelName): Promise<Delivery | null>;
}
