import { logProblem } from '../log/log';
import type { Services } from '../services';
import { version } from '../util/version';
import type { HealthResponse } from './schemas';
import { isoTime, isoTimeOrNull } from './wire';

/** How every part is doing, and in words what is wrong. */
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
  // Several parts may stumble over the same thing: it is told once, by the first.
  const tell = (part: string, message: string) => {
    if (!problems.some((problem) => problem.message === message)) problems.push({ part, message });
  };
  if (view.stale) {
    tell('tailscale', view.error ?? 'tailscaled has not answered for a while');
  }
  for (const { message } of logProblems) tell('access_log', message);
  for (const { error } of files) {
    if (error !== null) tell('access_log', error);
  }
  if (storeError !== null) tell('store', storeError);
  const unwritten = logProblem();
  if (unwritten !== null) tell('log', unwritten);
  if (sender?.error) {
    tell('store', `${sender.error}. ${sender.points} points wait on disk; none is lost`);
  }
  for (const { name, lastError, lastCause } of jobs) {
    // What tailscaled kept a job from is told above for as long as it lasts; the job is tried again soon.
    if (lastError !== null && lastCause !== 'tailscale') tell(name, lastError);
  }
  const unread = files.map(({ sizeBytes, readBytes }) => Math.max(0, sizeBytes - readBytes));
  return {
    status: problems.length === 0 ? 'ok' : 'degraded',
    version,
    problems,
    tailscale: {
      source: view.source,
      location: view.source === 'none' ? null : view.location,
      reachable: !view.stale,
      last_answer: isoTimeOrNull(view.answeredAt),
      error: view.error,
      health: view.status?.health ?? [],
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
    })),
  };
}

/** Who fills the store. */
export function collectorsResponse(services: Services): HealthResponse['collectors'] {
  return services
    .collectors()
    .map(({ name, lastSeen }) => ({ name, last_seen: isoTime(lastSeen) }));
}
