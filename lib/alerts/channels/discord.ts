import * as z from 'zod';
import { bodyOf, DISCORD, inUnits } from '../markup';
import { SIGNS } from '../message-content';
import type { Notifier } from '../notifier';
import { oneLine } from '../one-line';
import { COLOURS } from './colours';
import { type Common, HttpChannel, secretsIn } from './http-channel';
import { jsonOf } from './json-answer';

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const TITLE_MAX = 256;
const DESCRIPTION = { max: 4_096, measure: inUnits };

/** https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit; seconds. */
const faultSchema = z.object({
  message: z.string(),
  retry_after: z.number().nonnegative().optional(),
});

export type DiscordSettings = {
  /** The address of a channel's webhook, which is its secret too. */
  url: string;
};

/**
 * Sends embeds to a webhook of a Discord channel (https://discord.com/developers/docs/resources/webhook#execute-webhook).
 * No name in a message mentions anyone: mentions are escaped, and switched off.
 */
export function discord({ url }: DiscordSettings, common: Common): Notifier {
  const hook = new URL(url);
  // Otherwise it answers before it knows whether it takes the message.
  hook.searchParams.set('wait', 'true');
  return new HttpChannel(
    {
      name: 'discord',
      title: 'Discord',
      // Five messages in two seconds, and thirty a minute.
      minGapMs: 2_000,
      call: (content) => ({
        url: hook,
        body: {
          embeds: [
            {
              title: titleOf(`${SIGNS[content.level]} `, content.title),
              description: bodyOf(content, DISCORD, DESCRIPTION),
              color: COLOURS[content.level],
              ...(content.url !== null && { url: content.url }),
            },
          ],
          allowed_mentions: { parse: [] },
        },
      }),
      remedies: {
        401: 'channelFaults.discordDeleted',
        403: 'channelFaults.discordUrl',
        404: 'channelFaults.discordDeleted',
      },
      reasonIn: (body) => jsonOf(body, faultSchema)?.message ?? null,
      waitIn: ({ body }) => {
        const seconds = jsonOf(body, faultSchema)?.retry_after;
        return seconds === undefined ? null : seconds * 1_000;
      },
      secrets: secretsIn(hook),
    },
    common,
  );
}

/** Returns a title that fits after it was escaped: of plain text as much as there is room for. */
function titleOf(sign: string, title: string): string {
  for (let max = TITLE_MAX - sign.length; ; max -= 8) {
    const text = sign + DISCORD.text(oneLine(title, max));
    if (text.length <= TITLE_MAX) return text;
  }
}
