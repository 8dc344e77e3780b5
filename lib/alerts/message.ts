import {
  type Alert,
  type AlertRule,
  endedUnrecovered,
  modelOf,
  type Severity,
} from '../domain/alert';
import { alertEvidence, alertTitle } from '../domain/alert-texts';
import { formatDuration, formatInstant } from '../domain/format';
import type { Message, Notice } from '../domain/notice';
import { written } from '../domain/said';
import type { TimeZone } from '../domain/time-zone';
import { t } from '../i18n/t';
import { recoveredTitle } from './recovered-title';

/**
 * Telegram's limit for a message (https://core.telegram.org/bots/api#sendmessage), in UTF-16 units, markup included.
 */
const TEXT_MAX = 4_096;
/** A title or a value from outside may be long; it is truncated before escaping, so that no markup is split. */
const VALUE_MAX = 300;
const SIGN: Record<Severity, string> = { critical: '🔴', warning: '⚠️', info: 'ℹ️' };
const RESOLVED_SIGN = '✅';

type News = Message['news'][number];

/**
 * Renders a message in Telegram's HTML: title, evidence, since when, and a link below `publicUrl` (an origin without a
 * slash at its end; `null`: no link), with times in `zone`. Always at most 4,096 characters: whole lines are left out at the end, never half
 * of a tag.
 */
export function messageHtml(message: Message, publicUrl: string | null, zone: TimeZone): string {
  const [first, ...others] = message.news;
  const lines = first
    ? others.length === 0
      ? alertLines(first, publicUrl, zone)
      : digestLines(message.news, publicUrl, zone)
    : testLines(message.createdAt, publicUrl, zone);
  const doubt =
    message.unconfirmed > 0
      ? [`<i>${t('messageTexts.unconfirmed', { count: message.unconfirmed })}</i>`]
      : [];
  return withinLimit(lines, doubt);
}

/** Returns the page about an alert: its device's, its model's, else the dashboard. */
export function alertLink(alert: Alert, publicUrl: string): string {
  if (alert.nodeId !== null) return `${publicUrl}/vpn/devices/${encodeURIComponent(alert.nodeId)}`;
  const model = modelOf(alert);
  return model === null
    ? `${publicUrl}/vpn`
    : `${publicUrl}/vpn/models?model=${encodeURIComponent(model)}`;
}

function alertLines(
  { notice, suppressed }: News,
  publicUrl: string | null,
  zone: TimeZone,
): string[] {
  const { alert } = notice;
  const lines = [`${signOf(notice)} <b>${escapeHtml(headline(notice))}</b>`];
  for (const { label, value } of alertEvidence(alert)) {
    lines.push(`${escapeHtml(label)}: ${escapeHtml(value)}`);
  }
  lines.push(t('messageTexts.since', sinceOf(notice, zone)));
  lines.push(...alsoLines([notice]));
  if (suppressed > 0) lines.push(`<i>${t('messageTexts.suppressed', { count: suppressed })}</i>`);
  if (publicUrl !== null) {
    const name = alert.hostname ?? modelOf(alert);
    const text = name === null ? t('messageTexts.openDashboard') : t('messageTexts.open', { name });
    lines.push(link(alertLink(alert, publicUrl), text));
  }
  return lines;
}

function digestLines(news: readonly News[], publicUrl: string | null, zone: TimeZone): string[] {
  const worst = (['critical', 'warning', 'info'] as const).find((severity) =>
    news.some(({ notice }) => notice.kind !== 'resolved' && notice.alert.severity === severity),
  );
  const rank = ({ notice }: News) =>
    notice.kind === 'resolved' ? 3 : { critical: 0, warning: 1, info: 2 }[notice.alert.severity];
  const lines = [`${worst ? SIGN[worst] : RESOLVED_SIGN} <b>${digestTitle(news)}</b>`];
  for (const one of news.toSorted((a, b) => rank(a) - rank(b))) {
    const { notice, suppressed } = one;
    const text = escapeHtml(headline(notice));
    const title = publicUrl === null ? text : link(alertLink(notice.alert, publicUrl), text, true);
    const more =
      suppressed > 0 ? ` <i>(${t('messageTexts.moreBefore', { count: suppressed })})</i>` : '';
    const since = t('messageTexts.sinceInList', sinceOf(notice, zone));
    lines.push(`${signOf(notice)} ${title} — ${since}${more}`);
  }
  lines.push(...alsoLines(news.map(({ notice }) => notice)));
  return lines;
}

function digestTitle(news: readonly News[]): string {
  const of = (rule: AlertRule, isOver: boolean) =>
    news.every(
      ({ notice: { kind, alert } }) =>
        alert.rule === rule && (kind === 'resolved') === isOver && !endedUnrecovered(alert),
    );
  const count = news.length;
  if (of('offline', false)) return t('messageTexts.offline', { count });
  if (of('offline', true)) return t('messageTexts.allBack', { count });
  const ended = news.filter(({ notice }) => notice.kind === 'resolved').length;
  const begun = news.length - ended;
  if (ended === 0) return t('messageTexts.alerts', { begun });
  return begun === 0
    ? t('messageTexts.recoveries', { ended })
    : t('messageTexts.alertsAndRecoveries', { begun, ended });
}

/** Lists what began together with this, and was sent earlier. */
function alsoLines(notices: readonly Notice[]): string[] {
  const also = new Set(notices.flatMap(({ together }) => together?.also.map(written) ?? []));
  if (also.size === 0) return [];
  return [escapeHtml(t('messageTexts.reportedBefore', { titles: [...also].join('; ') }), 1_000)];
}

function testLines(now: number, publicUrl: string | null, zone: TimeZone): string[] {
  const lines = [
    `✅ <b>${t('messageTexts.test')}</b>`,
    t('messageTexts.testSent', { time: formatInstant(now, zone) }),
  ];
  if (publicUrl !== null) lines.push(link(`${publicUrl}/vpn`, t('messageTexts.openDashboard')));
  return lines;
}

function headline({ kind, alert }: Notice): string {
  if (kind === 'resolved') return recoveredTitle(alert);
  const title = alertTitle(alert);
  return kind === 'escalated' ? t('messageTexts.worse', { title }) : title;
}

const signOf = ({ kind, alert }: Notice) =>
  kind === 'resolved' ? RESOLVED_SIGN : SIGN[alert.severity];

/** The values of a sentence about when it began, and how long it has lasted or lasted in all. */
function sinceOf({ kind, alert, at }: Notice, zone: TimeZone) {
  const isOver = kind === 'resolved';
  const length = (isOver ? (alert.resolvedAt ?? at) : at) - alert.since;
  return {
    time: formatInstant(alert.since, zone),
    ...{ duration: formatDuration(length), kind: isOver ? 'over' : length < 1_000 ? 'new' : 'on' },
  };
}

/** Renders a link with plain text, or with text that is already HTML. */
function link(url: string, text: string, isHtml = false): string {
  return `<a href="${escapeHtml(url, Number.POSITIVE_INFINITY).replaceAll('"', '&quot;')}">${isHtml ? text : escapeHtml(text)}</a>`;
}

/** Escapes text for Telegram's HTML: at most `max` characters of it, on one line. */
function escapeHtml(text: string, max = VALUE_MAX): string {
  const line = text.replace(/\s+/gu, (space) => (/[\r\n\t]/.test(space) ? ' ' : space));
  const cut = line.length > max ? `${line.slice(0, max - 1).replace(LONE_HALF, '')}…` : line;
  return cut.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const LONE_HALF = /[\ud800-\udbff]$/;

/** Returns as many lines as there is room for, a note of how many are missing, and the `always` ones. */
function withinLimit(lines: readonly string[], always: readonly string[]): string {
  const all = [...lines, ...always].join('\n');
  if (all.length <= TEXT_MAX) return all;
  for (let kept = lines.length - 1; kept > 0; kept--) {
    const missing = t('messageTexts.moreLines', { count: lines.length - kept });
    const text = [...lines.slice(0, kept), missing, ...always].join('\n');
    if (text.length <= TEXT_MAX) return text;
  }
  return always.join('\n');
}
