import { LOG_LEVELS, type LogLevel } from '../../../lib/domain/log-level';

/** What the log page shows, as its address says it. */
export type LogView = {
  level: LogLevel;
  /** The last hours, unless `from` and `to` say it. */
  hours: number;
  from: string | null;
  to: string | null;
  text: string;
  logger: string;
  user: string;
  requestId: string;
};

export const HOURS = [1, 24, 168, 720] as const;
const FIELDS = { text: 'text', logger: 'logger', user: 'user', requestId: 'request_id' } as const;

/** Reads an address; what it does not say, or says wrong, is the default. */
export function parseLogView(params: URLSearchParams): LogView {
  const level = LOG_LEVELS.find((known) => known === params.get('level')) ?? 'INFO';
  const hours = HOURS.find((known) => String(known) === params.get('hours')) ?? 24;
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
    text: word(FIELDS.text),
    logger: word(FIELDS.logger),
    user: word(FIELDS.user),
    requestId: word(FIELDS.requestId),
  };
}

/** The parameters of `/logs/search` for a view. */
export function logQuery(view: LogView): URLSearchParams {
  const query = new URLSearchParams({ level: view.level });
  if (view.from || view.to) {
    if (view.from) query.set('from', view.from);
    if (view.to) query.set('to', view.to);
  } else query.set('hours', String(view.hours));
  for (const [field, name] of Object.entries(FIELDS)) {
    const value = view[field as keyof typeof FIELDS];
    if (value) query.set(name, value);
  }
  return query;
}

/** The address of the log page for a view. */
export const logHref = (view: LogView) => `/vpn/logs?${logQuery(view)}`;

const AROUND_MS = 2 * 60_000;

/** The address of all lines written shortly before and after a moment. */
export function linesAround(iso: string): string {
  const at = Date.parse(iso);
  const from = new Date(at - AROUND_MS).toISOString();
  return `/vpn/logs?${new URLSearchParams({ level: 'INFO', from, to: new Date(at + AROUND_MS).toISOString() })}`;
}
