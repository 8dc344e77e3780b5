import { testChannels } from '../alerts/channels';
import { readConfig } from '../config/config';

/** `npm run alert:test`: sends a test message on every channel in the settings. The service need not be running. */

try {
  const { alerts, timeZone, language } = readConfig();
  const results = await testChannels({ ...alerts, timeZone, language });
  if (results.length === 0) {
    throw new Error(
      'No channel is set up: set TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_ID, NTFY_URL, or another of docs/CHANNELS.md.',
    );
  }
  for (const { name, delivery } of results) {
    const line = delivery.state === 'sent' ? 'sent' : `not sent: ${delivery.error.text}`;
    process.stdout.write(`${name}: ${line}\n`);
    if (delivery.state !== 'sent') process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
