import { MINUTE } from '@/lib/util/time';
import { queryOf } from '../../../lib/calls/call';
import { LOG_LEVELS, type LogLevel } from '../../../lib/domain/log-level';

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
};

export const HOURS = [1, 24, 168, 720] as const;

/** Reads an address; a missing or invalid value is the default. */
export function parseLogView(params: URLSearchParams): LogView {
  const level = LOG_LEVELS.find((name) => name === params.get('level')) ?? 'INFO';
  const hours = HOURS.find((count) => String(count) === params.get('hours')) ?? 24;
  const instant = (name: string) => {
    const time = Date.parse(params.get(name) ?? '');
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  };
  const word = (name: string) => (params.get(name) ?? '').trim().slice(0, 300);
  return {
    level,
    hours,
    from: instant('from'),
    to: instant('to'),
    text: word('text'),
    logger: word('logger'),
    user: word('user'),
    requestId: word('request_id'),
  };
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
