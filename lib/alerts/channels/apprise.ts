import * as z from 'zod';
import { say } from '../../domain/said';
import { inUnits, linesOf, PLAIN_WITH_LINKS, withinLimit } from '../markup';
import type { Level } from '../message-content';
import type { Notifier } from '../notifier';
import { type Common, HttpChannel, secretsIn } from './http-channel';
import { jsonOf } from './json-answer';

/** What is too long for a service, Apprise divides itself. */
const TEXT = { max: 8_000, measure: inUnits };

const TYPES: Record<Level, string> = {
  critical: 'failure',
  warning: 'warning',
  info: 'info',
  ok: 'success',
};

const faultSchema = z.object({ error: z.string() });

export type AppriseSettings = {
  /** The address of a stored configuration: `http://apprise:8000/notify/KEY`. */
  url: string;
  /** Of the services in it that messages go to; `null`: all of them. */
  tag: string | null;
};

/** Sends messages to an Apprise API, which passes them on (https://github.com/caronc/apprise-api#api-details). */
export function apprise({ url, tag }: AppriseSettings, common: Common): Notifier {
  const notify = new URL(url);
  return new HttpChannel(
    {
      name: 'apprise',
      title: 'Apprise',
      minGapMs: 1_000,
      call: (content) => {
        const { lines, always } = linesOf(content, PLAIN_WITH_LINKS);
        return {
          url: notify,
          headers: { accept: 'application/json' },
          body: {
            title: content.title,
            body: withinLimit(lines, always, TEXT) || content.title,
            type: TYPES[content.level],
            format: 'text',
            ...(tag !== null && { tag }),
          },
        };
      },
      // It answers so when nothing is stored by the key.
      refusalIn: ({ status }) => (status === 204 ? say('channelFaults.appriseNothing') : null),
      remedies: {
        400: 'channelFaults.appriseTag',
        404: 'channelFaults.appriseUrl',
        424: 'channelFaults.appriseServices',
      },
      reasonIn: (body) => jsonOf(body, faultSchema)?.error ?? null,
      secrets: secretsIn(notify),
    },
    common,
  );
}
