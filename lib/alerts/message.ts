import type { Message } from '../domain/notice';
import { HTML, inUnits, linesOf, withinLimit } from './markup';
import { contentOf, SIGNS, type Words } from './message-content';

/**
 * Telegram's limit for a message (https://core.telegram.org/bots/api#sendmessage), in UTF-16 units, markup included.
 */
const TEXT_MAX = 4_096;

/**
 * Renders a message in Telegram's HTML. Always at most 4,096 characters: whole lines are left out at the end, never
 * half of a tag.
 */
export function messageHtml(message: Message, words: Words): string {
  const content = contentOf(message, words);
  const { lines, always } = linesOf(content, HTML);
  const title = `${SIGNS[content.level]} ${HTML.bold(content.title)}`;
  return withinLimit([title, ...lines], always, { max: TEXT_MAX, measure: inUnits });
}
