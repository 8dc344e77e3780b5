import * as z from 'zod';
import { HOUR } from '../../util/time';
import { bodyOf, inBytes, PLAIN } from '../markup';
import type { Level } from '../message-content';
import type { Notifier } from '../notifier';
import { type Common, HttpChannel } from './http-channel';
import { jsonOf } from './json-answer';

/** Longer messages become attachments (https://docs.ntfy.sh/config/#message-limits). */
const MESSAGE = { max: 4_096, measure: inBytes };

/** https://docs.ntfy.sh/publish/#message-priority */
const PRIORITIES: Record<Level, number> = { critical: 5, warning: 4, info: 3, ok: 3 };
/** Shown as emoji before the title (https://docs.ntfy.sh/emojis/). */
const TAGS: Record<Level, string> = {
  critical: 'red_circle',
  warning: 'warning',
  info: 'information_source',
  ok: 'white_check_mark',
};

const faultSchema = z.object({ code: z.number().optional(), error: z.string() });
/** The messages of a day are used up; when there are new ones is not said. */
const DAILY_QUOTA = 42_908;

export type NtfySettings = {
  /** The address of a topic, such as `https://ntfy.sh/topic`. */
  url: string;
  token: string | null;
};

/** Publishes to a topic of ntfy, as JSON (https://docs.ntfy.sh/publish/#publish-as-json). Throws when the URL has no topic. */
export function ntfy({ url, token }: NtfySettings, common: Common): Notifier {
  const server = new URL('/', url);
  const topic = new URL(url).pathname.slice(1);
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return new HttpChannel(
    {
      name: 'ntfy',
      title: 'ntfy',
      // A visitor has 60 requests at once, and one more every five seconds.
      minGapMs: 1_000,
      call: (content) => ({
        url: server,
        headers,
        body: {
          topic,
          title: content.title,
          message: bodyOf(content, PLAIN, MESSAGE) || content.title,
          priority: PRIORITIES[content.level],
          tags: [TAGS[content.level]],
          ...(content.url !== null && { click: content.url }),
        },
      }),
      remedies: {
        401: 'channelFaults.ntfyToken',
        403: 'channelFaults.ntfyRight',
        404: 'channelFaults.ntfyUrl',
      },
      secrets: [token ?? '', topic],
      reasonIn: (body) => jsonOf(body, faultSchema)?.error ?? null,
      waitIn: ({ body }) => (jsonOf(body, faultSchema)?.code === DAILY_QUOTA ? HOUR : null),
    },
    common,
  );
}
