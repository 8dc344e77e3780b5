import * as z from 'zod';
import { bodyOf, inUnits, PLAIN } from '../markup';
import { type Level, SIGNS } from '../message-content';
import type { Notifier } from '../notifier';
import { below, type Common, HttpChannel } from './http-channel';
import { jsonOf } from './json-answer';

/** Gotify itself has no limit; a phone shows no more. */
const TEXT = { max: 4_096, measure: inUnits };

/** From 8 on a phone makes itself heard, below 4 it is silent. */
const PRIORITIES: Record<Level, number> = { critical: 8, warning: 5, info: 2, ok: 2 };

const faultSchema = z.object({ errorDescription: z.string() });

export type GotifySettings = {
  /** The server's address. */
  url: string;
  /** Of an application of it. */
  token: string;
};

/** Sends messages to a Gotify server (https://gotify.net/api-docs#/message/createMessage). */
export function gotify({ url, token }: GotifySettings, common: Common): Notifier {
  const messages = below(url, 'message');
  return new HttpChannel(
    {
      name: 'gotify',
      title: 'Gotify',
      minGapMs: 1_000,
      call: (content) => ({
        url: messages,
        headers: { 'x-gotify-key': token },
        body: {
          title: `${SIGNS[content.level]} ${content.title}`,
          message: bodyOf(content, PLAIN, TEXT) || content.title,
          priority: PRIORITIES[content.level],
          extras: {
            'client::display': { contentType: 'text/plain' },
            ...(content.url !== null && {
              'client::notification': { click: { url: content.url } },
            }),
          },
        },
      }),
      remedies: {
        401: 'channelFaults.gotifyToken',
        403: 'channelFaults.gotifyToken',
        404: 'channelFaults.gotifyUrl',
      },
      reasonIn: (body) => jsonOf(body, faultSchema)?.errorDescription ?? null,
      secrets: [token],
    },
    common,
  );
}
