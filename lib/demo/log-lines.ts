import { randomUUID } from 'node:crypto';
import type { Alert } from '../domain/alert';
import type { TailnetEvent } from '../domain/event';
import type { LogLine } from '../log/log-line';
import { chance } from '../tailscale/demo-behaviour';
import { HOUR, MINUTE } from '../util/time';

type Entry = Pick<LogLine, 'level' | 'logger' | 'message' | 'module' | 'function'> & {
  time: number;
  data?: Record<string, unknown>;
};

/** Returns the service's log of the time from `from` to `to`, as text: what it would have said about this history. */
export function logText(
  from: number,
  to: number,
  events: readonly TailnetEvent[],
  alerts: readonly Alert[],
): string {
  const lines = [
    ...events.flatMap((event) => (event.time >= from ? [ofEvent(event)] : [])),
    ...alerts.flatMap((alert) => ofAlert(alert)).filter(({ time }) => time >= from),
    ...routine(from, to),
  ];
  return lines
    .sort((a, b) => a.time - b.time)
    .map(({ time, ...line }) => `${JSON.stringify(lineOf(time, line))}\n`)
    .join('');
}

const lineOf = (time: number, line: Omit<Entry, 'time'>): LogLine => ({
  timestamp: new Date(time).toISOString(),
  ...line,
  line: 1,
});

const ofEvent = ({ time, kind, hostname, before, after }: TailnetEvent): Entry => ({
  time,
  level: 'INFO',
  logger: 'tailnet',
  message: `${kind.replaceAll('_', ' ')}: ${hostname} from ${before} to ${after}`,
  module: 'lib/collect/watch-transitions',
  function: 'note',
  data: { kind, hostname },
});

function ofAlert({ id, title, topic, severity, evidence, firedAt, resolvedAt }: Alert): Entry[] {
  const source = { logger: 'alerts', module: 'lib/alerts/engine', function: 'note' } as const;
  const rest = { ...source, data: { alert: id, topic, severity, evidence } };
  const entries: Entry[] = [];
  if (firedAt !== null) {
    entries.push({ time: firedAt, level: 'WARNING', message: `alert fired: ${title}`, ...rest });
  }
  if (resolvedAt !== null) {
    entries.push({ time: resolvedAt, level: 'INFO', message: `alert resolved: ${title}`, ...rest });
  }
  return entries;
}

/** What is logged whatever happens: hourly summaries, slow requests, a job that failed once. */
function routine(from: number, to: number): Entry[] {
  const lines: Entry[] = [];
  for (let time = Math.ceil(from / (20 * MINUTE)) * 20 * MINUTE; time < to; time += 20 * MINUTE) {
    const ms = Math.round(1_000 + 2_000 * chance('slow request', time / MINUTE));
    const at = time + Math.round(chance('when', time / MINUTE) * 15 * MINUTE);
    if (time % HOUR === 0) lines.push(summary(time));
    else if (chance('is slow', time / MINUTE) < 0.25) lines.push(slowRequest(at, ms));
    else if (chance('fails', time / MINUTE) < 0.02) lines.push(failedJob(at));
  }
  return lines;
}

const summary = (time: number): Entry => ({
  time,
  level: 'INFO',
  logger: 'tailnet',
  message: 'tailnet summary stored',
  module: 'lib/collect/log-tailscale-status',
  function: 'run',
});

const slowRequest = (time: number, ms: number): Entry => ({
  time,
  level: 'WARNING',
  logger: 'http',
  message: `slow request: ${ms} ms`,
  module: 'lib/api/handle',
  function: 'handle',
  data: { path: '/analytics/dashboard-usage', ms, request: randomUUID() },
});

const failedJob = (time: number): Entry => ({
  time,
  level: 'ERROR',
  logger: 'scheduler',
  message: 'netcheck failed: tailscaled did not answer within 10 s',
  module: 'lib/collect/scheduler',
  function: 'run',
});
