import * as z from 'zod';
import { HTML, inBytes, linesOf, type Markup, PLAIN_WITH_LINKS, withinLimit } from '../markup';
import { type Content, SIGNS } from '../message-content';
import type { Notifier } from '../notifier';
import { below, type Common, HttpChannel } from './http-channel';
import { jsonOf } from './json-answer';

/**
 * An event has at most 65,536 bytes (https://spec.matrix.org/latest/client-server-api/#size-limits), with the text in it
 * twice, and escaped in JSON.
 */
const TEXT = { max: 12_000, measure: inBytes };

const faultSchema = z.object({
  errcode: z.string(),
  error: z.string().optional(),
  retry_after_ms: z.number().nonnegative().optional(),
});

export type MatrixSettings = {
  /** The homeserver's address. */
  url: string;
  /** The room's id: `!…`. */
  room: string;
  /** Of the account that sends. */
  token: string;
};

/**
 * Sends messages to a room of Matrix
 * (https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid). A message that is
 * sent again is the same transaction, so the room shows it once. Nobody is mentioned, whatever a name says.
 */
export function matrix({ url, room, token }: MatrixSettings, common: Common): Notifier {
  return new HttpChannel(
    {
      name: 'matrix',
      title: 'Matrix',
      minGapMs: 1_000,
      call: (content, { id, message }) => {
        const transaction = `observatory-${id}-${message.createdAt}`;
        const path = ['_matrix', 'client', 'v3', 'rooms', room, 'send', 'm.room.message'];
        return {
          url: below(url, ...path, transaction),
          method: 'PUT' as const,
          headers: { authorization: `Bearer ${token}` },
          body: {
            msgtype: 'm.text',
            body: textIn(PLAIN_WITH_LINKS, content),
            format: 'org.matrix.custom.html',
            formatted_body: textIn(HTML, content).replaceAll('\n', '<br>'),
            'm.mentions': {},
          },
        };
      },
      remedies: {
        401: 'channelFaults.matrixToken',
        403: 'channelFaults.matrixRoom',
        404: 'channelFaults.matrixUrl',
      },
      reasonIn: (body) => {
        const fault = jsonOf(body, faultSchema);
        return fault && `${fault.errcode} ${fault.error ?? ''}`.trim();
      },
      waitIn: ({ body }) => jsonOf(body, faultSchema)?.retry_after_ms ?? null,
      secrets: [token],
    },
    common,
  );
}

function textIn(markup: Markup, content: Content): string {
  const { lines, always } = linesOf(content, markup);
  const title = `${SIGNS[content.level]} ${markup.bold(content.title)}`;
  return withinLimit([title, ...lines], always, TEXT);
}
