import { t } from '../i18n/t';
import type { Content, Line, Span } from './message-content';

/** How a channel writes a line; each part is given in plain text, and escaped here. */
export type Markup = {
  text(plain: string): string;
  bold(plain: string): string;
  italic(plain: string): string;
  link(plain: string, url: string): string;
};

const same = (plain: string) => plain;

/** Text without markup; where a link leads is left out. */
export const PLAIN: Markup = { text: same, bold: same, italic: same, link: same };

/** Text without markup, in which an address follows what leads to it. */
export const PLAIN_WITH_LINKS: Markup = { ...PLAIN, link: (plain, url) => `${plain}: ${url}` };

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** HTML as Telegram, Matrix and mail programs take it. */
export const HTML: Markup = {
  text: escapeHtml,
  bold: (plain) => `<b>${escapeHtml(plain)}</b>`,
  italic: (plain) => `<i>${escapeHtml(plain)}</i>`,
  link: (plain, url) =>
    `<a href="${escapeHtml(url).replaceAll('"', '&quot;')}">${escapeHtml(plain)}</a>`,
};

/** Ends a word for a program, but not for a reader: behind an @ it keeps a name from being a mention. */
const ZERO_WIDTH = '\u200b';

/**
 * Returns a text of which Discord makes no markup, mention, emoji or link of its own
 * (https://discord.com/developers/docs/reference#message-formatting).
 */
const escapeDiscord = (text: string) =>
  text.replace(/[\\*_~`|>#[\]()<:-]/g, '\\$&').replaceAll('@', `@${ZERO_WIDTH}`);

/** Discord's Markdown. */
export const DISCORD: Markup = {
  text: escapeDiscord,
  bold: (plain) => `**${escapeDiscord(plain)}**`,
  italic: (plain) => `*${escapeDiscord(plain)}*`,
  link: (plain, url) => `[${escapeDiscord(plain)}](${url.replaceAll(')', '%29')})`,
};

/** Returns a text in which Slack finds no mention or link (https://docs.slack.dev/messaging/formatting-message-text). */
const escapeSlack = (text: string) => escapeHtml(text).replaceAll('@', `@${ZERO_WIDTH}`);

/** Slack's mrkdwn. */
export const SLACK: Markup = {
  text: escapeSlack,
  bold: (plain) => `*${escapeSlack(plain)}*`,
  italic: (plain) => `_${escapeSlack(plain)}_`,
  link: (plain, url) =>
    `<${escapeSlack(url).replaceAll('|', '%7C')}|${escapeSlack(plain).replaceAll('|', '¦')}>`,
};

export const inUnits = (text: string) => text.length;
export const inBytes = (text: string) => Buffer.byteLength(text);

/** How long a text may be, and how that is counted. */
export type Limit = { max: number; measure: (text: string) => number };

function renderLine(line: Line, markup: Markup): string {
  return line.map((span) => renderSpan(span, markup)).join('');
}

function renderSpan(span: Span, markup: Markup): string {
  if (typeof span === 'string') return markup.text(span);
  if ('bold' in span) return markup.bold(span.bold);
  return 'italic' in span ? markup.italic(span.italic) : markup.link(span.text, span.url);
}

/** Returns a message's lines in a markup, with the link to its page where it has one of its own. */
export function linesOf(content: Content, markup: Markup): { lines: string[]; always: string[] } {
  const { lines, always, url, linkText, table } = content;
  const link: Line[] = url === null || linkText === null ? [] : [[{ text: linkText, url }]];
  const rows = table ? [[{ bold: `${table.title}:` }], ...table.rows.map(rowLine)] : [];
  const rendered = (some: readonly Line[]) => some.map((line) => renderLine(line, markup));
  return { lines: rendered([...lines, ...rows, ...link]), always: rendered(always) };
}

const rowLine = ([name, ...values]: string[]): Line => [`• ${name}: ${values.join(', ')}`];

/** Returns a message's text below its title, within a limit: without the link to its page, which stands beside it. */
export function bodyOf(content: Content, markup: Markup, limit: Limit): string {
  const { lines, always } = linesOf({ ...content, linkText: null }, markup);
  return withinLimit(lines, always, limit);
}

/**
 * Returns as many lines as there is room for, a note of how many are missing, and the `always` ones. Whole lines are left
 * out, so that no markup is cut.
 */
export function withinLimit(
  lines: readonly string[],
  always: readonly string[],
  { max, measure }: Limit,
): string {
  const all = [...lines, ...always].join('\n');
  if (measure(all) <= max) return all;
  for (let kept = lines.length - 1; kept >= 0; kept--) {
    const missing = t('messageTexts.moreLines', { count: lines.length - kept });
    const text = [...lines.slice(0, kept), missing, ...always].join('\n');
    if (measure(text) <= max) return text;
  }
  return always.join('\n');
}
