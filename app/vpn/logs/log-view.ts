import { MINUTE } from '@/lib/util/time';
import { queryOf } from '../../../lib/calls/call';
import { LOG_LEVELS, type LogLevel } from '../../../lib/domain/log-level';
import { type TimeZone, UTC } from '../../../lib/domain/time-zone';
import { parseInstant } from '../view';

/** What the log page shows, as written in its address. */
export type LogView = {
  level: LogLevel;
  /** How many hours back, unless `from` or `to` is set. */
  hours: number;
  from: string | null;
  to: string | null;
  text: string;
  logger: string;
  user: string;
  requestId: string;
  /** What all messages have in common. */
  pattern: string;
};

export const HOURS = [1, 24, 168, 720] as const;

/**
 * Reads an address; a missing or invalid value is the default. Times that name no zone are of `zone`; when `hours` is
 * given, that is what was chosen last.
 */
export function parseLogView(params: URLSearchParams, zone: TimeZone = UTC): LogView {
  const level = LOG_LEVELS.find((name) => name === params.get('level')) ?? 'INFO';
  const hours = HOURS.find((count) => String(count) === params.get('hours'));
  const instant = (name: string) =>
    hours === undefined ? parseInstant(params.get(name), zone) : null;
  const word = (name: string) => (params.get(name) ?? '').trim().slice(0, 300);
  return {
    level,
    hours: hours ?? 24,
    ...inOrder(instant('from'), instant('to')),
    text: word('text'),
    logger: word('logger'),
    user: word('user'),
    requestId: word('request_id'),
    pattern: word('pattern'),
  };
}

function inOrder(from: number | null, to: number | null) {
  const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  if (from === null || to === null || from < to) return { from: iso(from), to: iso(to) };
  return from === to ? { from: null, to: null } : { from: iso(to), to: iso(from) };
}

/** Returns the search parameters of a view. */
export function logParameters({ level, hours, from, to, requestId, ...words }: LogView) {
  return {
    level,
    ...(from || to ? { from: from ?? undefined, to: to ?? undefined } : { hours }),
    text: words.text || undefined,
    logger: words.logger || undefined,
    user: words.user || undefined,
    request_id: requestId || undefined,
    pattern: words.pattern || undefined,
  };
}

/** Returns the address of the log page for a view. */
export const logHref = (view: LogView) => `/vpn/logs?${queryOf(logParameters(view))}`;

const AROUND_MS = 2 * MINUTE;

/** Returns the address of all lines written shortly before and after a moment. */
export function logsAround(iso: string): string {
  const at = Date.parse(iso);
  const from = new Date(at - AROUND_MS).toISOString();
  return `/vpn/logs?${new URLSearchParams({ level: 'INFO', from, to: new Date(at + AROUND_MS).toISOString() })}`;
}
