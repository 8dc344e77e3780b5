import { formatDuration } from '../domain/format';
import { isMuted } from '../domain/mute';
import { isBlind } from '../domain/own-device';
import { logProblem } from '../log/log';
import type { Services } from '../services';
import { MINUTE } from '../util/time';
import { version } from '../util/version';
import type { HealthResponse } from './schemas';
import { isoTime, isoTimeOrNull } from './wire';

/** A job that is late by this much is reported as hanging. */
const OVERDUE_MS = 5 * MINUTE;
/** The first reading of a log of gigabytes takes long, and its progress is shown. */
const LONG_JOB = 'collect_analytics';
/** The log doctor's findings when no line of a log can be read. */
const UNREADABLE: readonly string[] = [
  'wrong_format',
  'unix_socket',
  'forgeable_address',
  'host_names',
];

/** Returns the state of every part, and a message for each problem. */
export async function health(services: Services): Promise<HealthResponse> {
  const { tailnet, accessLog, storage } = services;
  const { sender, state } = accessLog;
  const { influx } = storage;
  const view = tailnet.view();
  const jobs = services.jobs();
  const rejected = await accessLog.rejected();
  const { files, problems: logProblems, hits, lastHit } = state;
  const refused = jobs.find(({ lastCause }) => lastCause === 'store');
  const storeError = accessLog.storeError ?? refused?.lastError ?? null;

  const problems: HealthResponse['problems'] = [];
  // Several parts may report the same problem: it is listed once, for the first.
  const tell = (part: string, message: string) => {
    if (!problems.some((problem) => problem.message === message)) problems.push({ part, message });
  };
  for (const { away, problem } of services.collectors()) {
    if (away && problem !== null) tell('collectors', problem);
  }
  const { own } = view;
  if (own.state === 'unreachable') {
    tell('tailscale', view.error ?? 'tailscaled has not answered for a while');
  } else if (own.state !== 'ok' && own.settled) {
    tell('own_device', `${own.reason}. ${own.remedy}`);
  }
  const exitNode = view.status?.exitNode;
  if (exitNode && !exitNode.online && !isBlind(own.state)) {
    tell('exit_node', `The exit node in use, ${exitNode.name}, is offline: choose another`);
  }
  if (view.status && !isBlind(own.state)) {
    for (const { entry, near } of services.connections.unmatched(view.status.devices)) {
      const meant = near.length > 0 ? `; is ${near.join(' or ')} meant?` : '';
      tell('critical_nodes', `${entry} in CRITICAL_NODES matches no device${meant}`);
    }
  }
  for (const { message } of logProblems) tell('access_log', message);
  for (const { error } of files) {
    if (error !== null) tell('access_log', error);
  }
  for (const { code, severity, title } of await accessLog.findings()) {
    if (severity === 'error' && UNREADABLE.includes(code)) tell('access_log', title);
  }
  if (storeError !== null) tell('store', storeError);
  const unwritten = logProblem();
  if (unwritten !== null) tell('log', unwritten);
  if (sender?.error) {
    tell('store', `${sender.error}. ${sender.points} points wait on disk; none is lost`);
  }
  for (const { name, lastError, lastCause } of jobs) {
    // A job that tailscaled prevented has its reason above as long as it lasts; the job is retried soon.
    if (lastError !== null && lastCause !== 'tailscale') tell(name, lastError);
  }
  for (const { name, overdueMs } of jobs) {
    if (overdueMs > OVERDUE_MS && name !== LONG_JOB) {
      tell(name, `has been running for ${formatDuration(overdueMs)} longer than it should`);
    }
  }
  const unread = files.map(({ sizeBytes, readBytes }) => Math.max(0, sizeBytes - readBytes));
  return {
    status: problems.length === 0 ? 'ok' : 'degraded',
    version,
    problems,
    alerts: await firingAlerts(services),
    tailscale: {
      source: view.source,
      location: view.source === 'none' ? null : view.location,
      reachable: !view.stale,
      last_answer: isoTimeOrNull(view.answeredAt),
      error: view.error,
      health: view.status?.health ?? [],
      own_device: {
        state: own.state,
        reason: own.reason,
        remedy: own.remedy,
        since: isoTimeOrNull(own.since || null),
      },
    },
    access_log: {
      pattern: accessLog.pattern,
      files: files.map(({ path, format, sizeBytes, readBytes, error }) => ({
        path,
        format,
        size_bytes: sizeBytes,
        read_bytes: readBytes,
        error,
      })),
      hits,
      rejected: rejected.total,
      backlog_bytes: unread.reduce((sum, bytes) => sum + bytes, 0),
      last_hit: isoTimeOrNull(lastHit),
      error: logProblems[0]?.message ?? null,
    },
    store: {
      kind: influx ? 'influxdb' : 'sqlite',
      writable: storeError === null,
      size_bytes: (await services.storage.bytes()) ?? 0,
      error: storeError ?? sender?.error ?? null,
      influxdb: influx && {
        version: influx.version,
        series: influx.series,
        advice: influx.advice,
        spool: sender && {
          points: sender.points,
          bytes: sender.bytes,
          oldest: isoTimeOrNull(sender.oldest),
          sent: sender.sent,
          failing_since: isoTimeOrNull(sender.failingSince),
          rejected: sender.rejected,
          last_rejected: sender.lastRejected,
        },
      },
    },
    collectors: collectorsResponse(services),
    jobs: jobs.map((job) => ({
      name: job.name,
      schedule: job.schedule,
      running: job.running,
      last_run: isoTimeOrNull(job.lastRun),
      last_duration_ms: job.lastDurationMs,
      last_error: job.lastError,
      next_run: isoTimeOrNull(job.nextRun),
      overdue_seconds: Math.round(job.overdueMs / 1_000),
    })),
  };
}

/** Returns the collectors that fill the store. */
export function collectorsResponse(services: Services): HealthResponse['collectors'] {
  return services
    .collectors()
    .map(({ lastSeen, ...rest }) => ({ ...rest, last_seen: isoTime(lastSeen) }));
}

/** The most firing alerts that are named: a page lists no more. */
const MOST_NAMED = 200;

async function firingAlerts({ alerts }: Services): Promise<HealthResponse['alerts']> {
  const mutes = await alerts.mutes();
  const now = Date.now();
  const firing = (await alerts.open()).filter(({ state }) => state === 'firing');
  const loud = firing.filter(
    (alert) => alert.acknowledgedAt === null && !isMuted(alert, mutes, now),
  );
  return {
    firing: firing.length,
    loudest: loud
      .slice(0, MOST_NAMED)
      .map(({ rule, severity, title, nodeId, hostname, since }) => ({
        ...{ rule, severity, title, hostname },
        node_id: nodeId,
        since: isoTime(since),
      })),
  };
}
