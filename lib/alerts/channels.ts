import type { Delivery } from '../domain/notice';
import { testMessage } from '../domain/notice';
import { zoneNamed } from '../domain/time-zone';
import type { Language } from '../i18n/languages';
import type { Notifier } from './notifier';
import { TelegramNotifier, type TelegramOptions } from './telegram';
import { WebhookNotifier, type WebhookOptions } from './webhook';

/** Where messages go; `null`: not set up. */
export type ChannelSettings = {
  telegram: Pick<TelegramOptions, 'token' | 'chatId' | 'apiUrl'> | null;
  webhook: Pick<WebhookOptions, 'url' | 'secret'> | null;
  /** Where people reach the dashboard, without a slash at its end; `null`: messages have no links. */
  publicUrl: string | null;
  /** The IANA name of the zone in which messages name times. */
  timeZone: string;
  /** What messages are written in. */
  language: Language;
};

/** Makes a notifier for each channel that is set up. Throws an `Error` that names the invalid setting. */
export function notifiersFor(settings: ChannelSettings): Notifier[] {
  const { telegram, webhook, publicUrl, language } = settings;
  const zone = zoneNamed(settings.timeZone);
  return [
    ...(telegram ? [new TelegramNotifier({ ...telegram, publicUrl, zone, language })] : []),
    ...(webhook ? [new WebhookNotifier({ ...webhook, publicUrl, language })] : []),
  ];
}

/** Sends a test to each channel that is set up, and returns how each went. Throws as `notifiersFor`. */
export async function testChannels(
  settings: ChannelSettings,
): Promise<{ name: string; delivery: Delivery }[]> {
  const now = Date.now();
  return Promise.all(
    notifiersFor(settings).map(async (notifier) => {
      const outgoing = { id: `test-${now}`, message: testMessage(now) };
      return { name: notifier.name, delivery: await notifier.send(outgoing, async () => {}) };
    }),
  );
}
