import { version } from '../../package.json';
import type { Runtime } from '../runtime/runtime';
import type { HealthWire } from './schemas';
import { isoTimeOrNull } from './wire';

/** Jobs whose failure is told already by the part they work on. */
const TOLD_ELSEWHERE = new Set(['watch_tailnet', 'identify_visitors', 'collect_analytics']);

/** How every part is doing, and in words what is wrong. */
export async function health(runtime: Runtime): Promise<HealthWire> {
  const { tailnet, ingest, store, accessLog, scheduler } = runtime;
  const view = tailnet.view();
  const jobs = scheduler.states();
  const collecting = jobs.find((job) => job.name === 'collect_analytics');
  const rejected = await store.rejected();
  const { files, problems: logProblems, hits, lastHit } = ingest.state;
  const storeError = collecting?.lastError ?? null;

  const problems: HealthWire['problems'] = [];
  const tell = (part: string, message: string) => problems.push({ part, message });
  if (view.stale) {
    tell('tailscale', view.error ?? 'tailscaled has not answered for a while');
  }
  for (const { message } of logProblems) tell('access_log', message);
  for (const { path, error } of files) {
    if (error !== null && !logProblems.some((p) => p.path === path)) tell('access_log', error);
  }
  if (storeError !== null) tell('store', storeError);
  for (const { name, lastError } of jobs) {
    if (lastError !== null && !TOLD_ELSEWHERE.has(name)) tell(name, lastError);
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
      kind: 'sqlite',
      writable: storeError === null,
      size_bytes: await store.size(),
      error: storeError,
    },
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
