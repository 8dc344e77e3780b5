import path from 'node:path';
import { type ChannelSettings, notifiersFor } from '../alerts/channels';
import { linesOf, PLAIN_WITH_LINKS } from '../alerts/markup';
import { contentOf } from '../alerts/message-content';
import { digestOf } from '../collect/digest';
import { readConfig } from '../config/config';
import { type DigestPlan, lastPeriod } from '../domain/digest';
import type { Message } from '../domain/notice';
import { zoneNamed } from '../domain/time-zone';
import { inLanguage } from '../i18n/on-server';
import { Influx } from '../store/influx/client';
import { openStores } from './build/storage';

/**
 * `npm run digest:preview`: prints the digest of the last period, and with `--send` sends it now. The database may be in
 * use.
 */

/** What is shown where no digest is set up. */
const DAILY: DigestPlan = { weekday: null, minute: 8 * 60, channels: null };

try {
  const config = readConfig();
  const { alerts, timeZone, language, dataDir, influx, accessLog } = config;
  const zone = zoneNamed(timeZone);
  const plan = alerts.digest ?? DAILY;
  const database = path.join(dataDir, influx ? 'collector.sqlite' : 'observatory.sqlite');
  const stores = await openStores(config, database, influx && new Influx(influx));
  const now = Date.now();
  const period = lastPeriod(plan, now, zone);
  const digest = await digestOf(stores, period, accessLog.countNonTailnet);
  await stores.close();
  const message: Message = { createdAt: now, news: [], unconfirmed: 0, digest };
  const { title, lines } = inLanguage(language, () => {
    const content = contentOf(message, { publicUrl: alerts.publicUrl, zone });
    return { title: content.title, lines: linesOf(content, PLAIN_WITH_LINKS).lines };
  });
  process.stdout.write(`${[title, '', ...lines].join('\n')}\n`);
  if (process.argv.includes('--send')) {
    await sendTo({ ...alerts, timeZone, language }, plan, message);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

async function sendTo(settings: ChannelSettings, { channels }: DigestPlan, message: Message) {
  const notifiers = notifiersFor(settings).filter(
    ({ name }) => channels === null || channels.some((channel) => channel === name),
  );
  if (notifiers.length === 0) throw new Error('No channel is set up: docs/CHANNELS.md says how.');
  const id = `preview-${message.createdAt}`;
  for (const notifier of notifiers) {
    const delivery = await notifier.send({ id, message }, async () => {});
    const outcome = delivery.state === 'sent' ? 'sent' : `not sent: ${delivery.error.text}`;
    process.stdout.write(`${notifier.name}: ${outcome}\n`);
    if (delivery.state !== 'sent') process.exitCode = 1;
  }
}
