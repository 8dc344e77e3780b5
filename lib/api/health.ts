import { alertTitle } from '../domain/alert-texts';
import type { JobState } from '../domain/job';
import { isMuted } from '../domain/mute';
import { ownWords } from '../domain/own-device';
import { inWords, spoken } from '../domain/said';
import type { Services } from '../services';
import { version } from '../util/version';
import { healthProblems, problemInWords, storeErrorOf } from './health-problems';
import type { FiringResponse } from './health-schemas';
import type { HealthResponse } from './service-schemas';
import { isoTime, isoTimeOrNull } from './wire';

/** Returns the state of every part, and a message for each problem. */
export async function health(services: Services): Promise<HealthResponse> {
  const jobs = services.jobs();
  const problems = await healthProblems(services);
  return {
    status: problems.length === 0 ? 'ok' : 'degraded',
    version,
    problems,
    alerts: await firingAlerts(services),
    tailscale: tailscaleResponse(services),
    access_log: await accessLogResponse(services),
    store: await storeResponse(services, storeErrorOf(services, jobs)),
    collectors: collectorsResponse(services),
    jobs: jobs.map(jobResponse),
  };
}

function tailscaleResponse({ tailnet }: Services): HealthResponse['tailscale'] {
  const { source, location, stale, answeredAt, status, own, ...view } = tailnet.view();
  return {
    source,
    location: source === 'none' ? null : location,
    reachable: !stale,
    last_answer: isoTimeOrNull(answeredAt),
    error: inWords(view.error, view.errorSaid),
    health: status?.health ?? [],
    own_device: {
      state: own.state,
      ...ownWords(own),
      since: isoTimeOrNull(own.since || null),
    },
  };
}

async function accessLogResponse({ accessLog }: Services): Promise<HealthResponse['access_log']> {
  const { files, problems, hits, lastHit } = accessLog.state;
  const rejected = await accessLog.rejected();
  const unread = files.map(({ sizeBytes, readBytes }) => Math.max(0, sizeBytes - readBytes));
  return {
    pattern: accessLog.pattern,
    files: files.map(({ path, format, sizeBytes, readBytes, error, errorSaid }) => ({
      path,
      format,
      size_bytes: sizeBytes,
      read_bytes: readBytes,
      error: inWords(error, errorSaid),
    })),
    hits,
    rejected: rejected.total,
    backlog_bytes: unread.reduce((sum, bytes) => sum + bytes, 0),
    last_hit: isoTimeOrNull(lastHit),
    error: problems[0] ? problemInWords(problems[0]) : null,
  };
}

async function storeResponse(
  { accessLog: { sender }, storage }: Services,
  storeError: string | null,
): Promise<HealthResponse['store']> {
  const { influx } = storage;
  return {
    kind: influx ? 'influxdb' : 'sqlite',
    writable: storeError === null,
    size_bytes: (await storage.bytes()) ?? 0,
    error: storeError ?? inWords(sender?.error ?? null, sender?.errorSaid),
    influxdb: influx && {
      version: influx.version,
      series: influx.series,
      advice: influx.advice.map(spoken),
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
  };
}

function jobResponse(job: JobState): HealthResponse['jobs'][number] {
  return {
    name: job.name,
    schedule: job.schedule,
    running: job.running,
    last_run: isoTimeOrNull(job.lastRun),
    last_duration_ms: job.lastDurationMs,
    last_error: inWords(job.lastError, job.lastErrorSaid),
    next_run: isoTimeOrNull(job.nextRun),
    overdue_seconds: Math.round(job.overdueMs / 1_000),
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

async function firingAlerts(services: Services): Promise<HealthResponse['alerts']> {
  const { all, loud } = await firingNow(services);
  return {
    firing: all.length,
    loudest: loud.slice(0, MOST_NAMED).map((alert) => ({
      ...{ rule: alert.rule, severity: alert.severity, title: alertTitle(alert) },
      ...{ hostname: alert.hostname, node_id: alert.nodeId, since: isoTime(alert.since) },
    })),
  };
}

/** Returns how many alerts need attention. */
export async function firing(services: Services): Promise<FiringResponse> {
  const { loud } = await firingNow(services);
  return { count: loud.length, severity: loud[0]?.severity ?? null };
}

/** Returns the firing alerts, worst first: all, and those that are neither muted nor acknowledged. */
async function firingNow({ alerts }: Services) {
  const mutes = await alerts.mutes();
  const now = Date.now();
  const all = (await alerts.open()).filter(({ state }) => state === 'firing');
  const loud = all.filter((alert) => alert.acknowledgedAt === null && !isMuted(alert, mutes, now));
  return { all, loud };
}
