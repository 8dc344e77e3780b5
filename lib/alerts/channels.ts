import type { ChannelName } from '../domain/channel-name';
import type { Delivery } from '../domain/notice';
import { testMessage } from '../domain/notice';
import { zoneNamed } from '../domain/time-zone';
import { type AppriseSettings, apprise } from './channels/apprise';
import { type DiscordSettings, discord } from './channels/discord';
import { EmailNotifier, type EmailSettings } from './channels/email';
import { type GotifySettings, gotify } from './channels/gotify';
import { type HomeAssistantSettings, homeAssistant } from './channels/home-assistant';
import type { Common } from './channels/http-channel';
import { type MatrixSettings, matrix } from './channels/matrix';
import { type NtfySettings, ntfy } from './channels/ntfy';
import { type PushoverSettings, pushover } from './channels/pushover';
import { type SlackSettings, slack } from './channels/slack';
import { TelegramNotifier, type TelegramSettings } from './channels/telegram';
import { WebhookNotifier, type WebhookSettings } from './channels/webhook';
import type { Notifier } from './notifier';

/** Every kind of channel, by its settings. */
type Kinds = {
  telegram: TelegramSettings;
  webhook: WebhookSettings;
  ntfy: NtfySettings;
  discord: DiscordSettings;
  slack: SlackSettings;
  gotify: GotifySettings;
  matrix: MatrixSettings;
  email: EmailSettings;
  apprise: AppriseSettings;
  homeassistant: HomeAssistantSettings;
  pushover: PushoverSettings;
};
type Kind = keyof Kinds;

const KINDS: { [K in Kind]: (settings: Kinds[K], common: Common) => Notifier } = {
  telegram: (settings, common) => new TelegramNotifier({ ...settings, ...common }),
  webhook: (settings, common) => new WebhookNotifier({ ...settings, ...common }),
  ntfy,
  discord,
  slack,
  gotify,
  matrix,
  email: (settings, common) => new EmailNotifier(settings, common),
  apprise,
  homeassistant: homeAssistant,
  pushover,
};
const isKind = (name: string): name is Kind => name in KINDS;

/** Where messages go, each `null` where it is not set up, and how they are worded. */
export type ChannelSettings = { [K in Kind]: Kinds[K] | null } & Omit<Common, 'zone'> & {
    /** The IANA name of the zone in which messages name times. */
    timeZone: string;
  };

/** Makes a notifier for each channel that is set up. Throws an `Error` that names the invalid setting. */
export function notifiersFor(settings: ChannelSettings): Notifier[] {
  const { publicUrl, language, templates } = settings;
  const common = { publicUrl, language, templates, zone: zoneNamed(settings.timeZone) };
  return Object.keys(KINDS)
    .filter(isKind)
    .flatMap((kind) => notifierOf(kind, settings, common) ?? []);
}

function notifierOf<K extends Kind>(
  kind: K,
  channels: { [P in K]: Kinds[P] | null },
  common: Common,
): Notifier | null {
  const settings: Kinds[K] | null = channels[kind];
  return settings === null ? null : KINDS[kind](settings, common);
}

/** Sends a test to each channel that is set up, or to `only` one, and returns how each went. Throws as `notifiersFor`. */
export async function testChannels(
  settings: ChannelSettings,
  only?: ChannelName,
): Promise<{ name: string; delivery: Delivery }[]> {
  const now = Date.now();
  const chosen = notifiersFor(settings).filter(({ name }) => only === undefined || name === only);
  return Promise.all(
    chosen.map(async (notifier) => {
      const outgoing = { id: `test-${now}`, message: testMessage(now) };
      return { name: notifier.name, delivery: await notifier.send(outgoing, async () => {}) };
    }),
  );
}
