import type { Delivery } from '../domain/notice';
import { testMessage } from '../domain/notice';
import type { Notifier } from './notifier';
import { TelegramNotifier, type TelegramOptions } from './telegram';
import { WebhookNotifier, type WebhookOptions } from './webhook';

/** Where messages go; `null`: not set up. */
export type ChannelSettings = {
  telegram: Pick<TelegramOptions, 'token' | 'chatId' | 'apiUrl'> | null;
  webhook: Pick<WebhookOptions, 'url' | 'secret'> | null;
  /** Where people reach the dashboard, without a slash at its end; `null`: messages have no links. */
  publicUrl: string | null;
};

/** Makes a notifier for each channel that is set up. Throws an `Error` that names the invalid setting. */
export function notifiersFor({ telegram, webhook, publicUrl }: ChannelSettings): Notifier[] {
  return [
    ...(telegram ? [new TelegramNotifier({ ...telegram, publicUrl })] : []),
    ...(webhook ? [new WebhookNotifier({ ...webhook, publicUrl })] : []),
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
