import * as z from 'zod';
import { t } from '../../i18n/t';
import { bodyOf, inUnits, PLAIN } from '../markup';
import { type Level, SIGNS } from '../message-content';
import type { Notifier } from '../notifier';
import { oneLine } from '../one-line';
import { below, type Common, HttpChannel } from './http-channel';
import { jsonOf } from './json-answer';

const API_URL = 'https://api.pushover.net';
/** https://pushover.net/api#limits */
const TITLE_MAX = 250;
const TEXT = { max: 1_024, measure: inUnits };
const URL_MAX = 512;
const URL_TITLE_MAX = 100;

/** 1 is heard in the user's quiet hours too; -1 makes no sound. */
const PRIORITIES: Record<Level, number> = { critical: 1, warning: 0, info: -1, ok: -1 };

const faultSchema = z.object({ errors: z.array(z.string()) });

export type PushoverSettings = {
  /** Of an application. */
  token: string;
  /** The key of a user or a group. */
  user: string;
  /** By default Pushover's own. */
  apiUrl?: string | undefined;
};

/** Sends messages by Pushover (https://pushover.net/api). */
export function pushover(
  { token, user, apiUrl = API_URL }: PushoverSettings,
  common: Common,
): Notifier {
  const messages = below(apiUrl, '1', 'messages.json');
  return new HttpChannel(
    {
      name: 'pushover',
      title: 'Pushover',
      // It wants five seconds between two attempts.
      minGapMs: 5_000,
      call: (content, { message }) => ({
        url: messages,
        body: {
          token,
          user,
          title: oneLine(`${SIGNS[content.level]} ${content.title}`, TITLE_MAX),
          message: bodyOf(content, PLAIN, TEXT) || content.title,
          priority: PRIORITIES[content.level],
          timestamp: Math.floor(message.createdAt / 1_000),
          ...(content.url !== null &&
            content.url.length <= URL_MAX && {
              url: content.url,
              url_title: oneLine(
                content.linkText ?? t('messageTexts.openDashboard'),
                URL_TITLE_MAX,
              ),
            }),
        },
      }),
      remedies: { 400: 'channelFaults.pushoverKeys' },
      reasonIn: (body) => jsonOf(body, faultSchema)?.errors.join('; ') ?? null,
      // The messages of a month are used up: the header says when there are new ones, in seconds since 1970.
      waitIn: ({ headers }, now) => {
        const reset = Number(headers['x-limit-app-reset']);
        return reset > 0 ? reset * 1_000 - now : null;
      },
      secrets: [token, user],
    },
    common,
  );
}
