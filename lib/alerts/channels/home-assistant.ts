import { bodyOf, inUnits, PLAIN } from '../markup';
import type { Notifier } from '../notifier';
import { type Common, HttpChannel, secretsIn } from './http-channel';
import { toWire } from './webhook';

/** What a notification on a phone has room for, and more. */
const TEXT = { max: 4_096, measure: inUnits };

export type HomeAssistantSettings = {
  /** The address of an automation's webhook, which is its secret too: `http://…:8123/api/webhook/ID`. */
  url: string;
};

/**
 * Triggers an automation of Home Assistant (https://www.home-assistant.io/docs/automation/trigger/#webhook-trigger) with
 * what the webhook sends, and with a title and a text to show. It answers 200 whether or not there is an automation.
 */
export function homeAssistant({ url }: HomeAssistantSettings, common: Common): Notifier {
  const hook = new URL(url);
  return new HttpChannel(
    {
      name: 'homeassistant',
      title: 'Home Assistant',
      minGapMs: 1_000,
      call: (content, { id, message }) => ({
        url: hook,
        body: {
          ...toWire(id, message, common.publicUrl),
          title: content.title,
          message: bodyOf(content, PLAIN, TEXT),
          level: content.level,
          url: content.url,
        },
      }),
      remedies: {
        404: 'channelFaults.homeAssistantUrl',
        405: 'channelFaults.homeAssistantPost',
      },
      secrets: secretsIn(hook),
    },
    common,
  );
}
