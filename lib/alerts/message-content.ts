import {
  type Alert,
  type AlertRule,
  endedUnrecovered,
  modelOf,
  type Severity,
} from '../domain/alert';
import { alertEvidence, alertTitle } from '../domain/alert-texts';
import type { Digest } from '../domain/digest';
import { formatDuration, formatInstant } from '../domain/format';
import { filledLines, type MessageTemplates } from '../domain/message-template';
import type { Message, Notice } from '../domain/notice';
import { written } from '../domain/said';
import type { TimeZone } from '../domain/time-zone';
import { t } from '../i18n/t';
import { digestContent } from './digest-content';
import { oneLine } from './one-line';
import { recoveredTitle } from './recovered-title';

const ALSO_MAX = 1_000;

/** A piece of a line, in plain text on one line; each markup escapes it in its own way. */
export type Span = string | { bold: string } | { italic: string } | { text: string; url: string };
export type Line = readonly Span[];

/** What a message is about at its worst; `ok`: a recovery, or a test. */
export type Level = Severity | 'ok';
export const SIGNS: Record<Level, string> = {
  critical: '🔴',
  warning: '⚠️',
  info: 'ℹ️',
  ok: '✅',
};

/** Entries are plain text; `head` names the columns. */
export type Table = { title: string; head: string[]; rows: string[][] };

/** What a message says, before it is written in the markup of a channel. */
export type Content = {
  level: Level;
  title: string;
  lines: Line[];
  /** What is said even where the lines have no room. */
  always: Line[];
  /** The page about it; `null` when it is not known where people reach the dashboard. */
  url: string | null;
  /** What the link to that page says; `null` where the lines have links of their own. */
  linkText: string | null;
  /** Comes after the lines. */
  table?: Table | null;
};

export type Words = {
  /** Where people reach the dashboard, without a slash at its end; `null`: messages have no links. */
  publicUrl: string | null;
  /** Messages name times in it. */
  zone: TimeZone;
  /** Of messages about a single alert. */
  templates?: MessageTemplates;
};

type News = Message['news'][number];

/** Returns what a message says in the current language: title, evidence, since when, and where there is more. */
export function contentOf(message: Message, words: Words): Content {
  const content = partsOf(message, words);
  const { unconfirmed } = message;
  const doubt = { italic: t('messageTexts.unconfirmed', { count: unconfirmed }) };
  return { ...content, always: unconfirmed > 0 ? [[doubt]] : [] };
}

function partsOf({ news, digest, createdAt }: Message, words: Words): Parts {
  if (digest) return ofDigest(digest, words);
  const [first, ...others] = news;
  if (!first) return ofTest(createdAt, words);
  return others.length === 0 ? ofAlert(first, words) : ofSeveral(news, words);
}

/** Returns the page about an alert: its device's, its model's, else the dashboard. */
export function alertLink(alert: Alert, publicUrl: string): string {
  if (alert.nodeId !== null) return `${publicUrl}/vpn/devices/${encodeURIComponent(alert.nodeId)}`;
  const model = modelOf(alert);
  return model === null
    ? `${publicUrl}/vpn`
    : `${publicUrl}/vpn/models?model=${encodeURIComponent(model)}`;
}

type Parts = Omit<Content, 'always'>;

function ofAlert({ notice, suppressed }: News, { publicUrl, zone, templates }: Words): Parts {
  const { alert } = notice;
  const evidence = alertEvidence(alert).map(
    ({ label, value }) => `${oneLine(label)}: ${oneLine(value)}`,
  );
  const since = sinceOf(notice, zone);
  const values = {
    ...{ title: headline(notice), severity: alert.severity, rule: alert.rule },
    ...{ device: oneLine(alert.hostname ?? ''), evidence: evidence.join('\n') },
    ...{ since: since.time, duration: since.duration },
  };
  const { title = null, body = null } = templates ?? {};
  const text =
    body === null ? [...evidence, t('messageTexts.since', since)] : filledLines(body, values);
  const lines: Line[] = [...text.map((line) => [line]), ...alsoLines([notice])];
  if (suppressed > 0) {
    lines.push([{ italic: t('messageTexts.suppressed', { count: suppressed }) }]);
  }
  const name = alert.hostname ?? modelOf(alert);
  return {
    level: levelOf(notice),
    title: title === null ? values.title : oneLine(filledLines(title, values).join(' ')),
    lines,
    url: publicUrl === null ? null : alertLink(alert, publicUrl),
    linkText: oneLine(
      name === null ? t('messageTexts.openDashboard') : t('messageTexts.open', { name }),
    ),
  };
}

function ofSeveral(news: readonly News[], { publicUrl, zone }: Words): Parts {
  const worst = (['critical', 'warning', 'info'] as const).find((severity) =>
    news.some(({ notice }) => levelOf(notice) === severity),
  );
  const rank = ({ notice }: News) => RANKS[levelOf(notice)];
  const lines = news
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ notice, suppressed }): Line => {
      const text = headline(notice);
      const url = publicUrl === null ? null : alertLink(notice.alert, publicUrl);
      const since = t('messageTexts.sinceInList', sinceOf(notice, zone));
      return [
        `${SIGNS[levelOf(notice)]} `,
        url === null ? text : { text, url },
        ` — ${since}`,
        ...(suppressed > 0
          ? [' ', { italic: `(${t('messageTexts.moreBefore', { count: suppressed })})` }]
          : []),
      ];
    });
  lines.push(...alsoLines(news.map(({ notice }) => notice)));
  return {
    level: worst ?? 'ok',
    title: titleOfSeveral(news),
    lines,
    url: publicUrl === null ? null : `${publicUrl}/vpn`,
    linkText: null,
  };
}

const RANKS: Record<Level, number> = { critical: 0, warning: 1, info: 2, ok: 3 };

function titleOfSeveral(news: readonly News[]): string {
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
function alsoLines(notices: readonly Notice[]): Line[] {
  const also = new Set(notices.flatMap(({ together }) => together?.also.map(written) ?? []));
  if (also.size === 0) return [];
  return [[oneLine(t('messageTexts.reportedBefore', { titles: [...also].join('; ') }), ALSO_MAX)]];
}

function ofDigest(digest: Digest, { publicUrl, zone }: Words): Parts {
  return {
    ...digestContent(digest, zone),
    level: digest.alerts.firing === 0 ? 'ok' : 'info',
    url: publicUrl === null ? null : `${publicUrl}/vpn`,
    linkText: t('messageTexts.openDashboard'),
  };
}

function ofTest(now: number, { publicUrl, zone }: Words): Parts {
  return {
    level: 'ok',
    title: t('messageTexts.test'),
    lines: [[t('messageTexts.testSent', { time: formatInstant(now, zone) })]],
    url: publicUrl === null ? null : `${publicUrl}/vpn`,
    linkText: t('messageTexts.openDashboard'),
  };
}

function headline({ kind, alert }: Notice): string {
  if (kind === 'resolved') return oneLine(recoveredTitle(alert));
  const title = alertTitle(alert);
  return oneLine(kind === 'escalated' ? t('messageTexts.worse', { title }) : title);
}

const levelOf = ({ kind, alert }: Notice): Level => (kind === 'resolved' ? 'ok' : alert.severity);

/** The values of a sentence about when it began, and how long it has lasted or lasted in all. */
function sinceOf({ kind, alert, at }: Notice, zone: TimeZone) {
  const isOver = kind === 'resolved';
  const length = (isOver ? (alert.resolvedAt ?? at) : at) - alert.since;
  return {
    time: formatInstant(alert.since, zone),
    ...{ duration: formatDuration(length), kind: isOver ? 'over' : length < 1_000 ? 'new' : 'on' },
  };
}
