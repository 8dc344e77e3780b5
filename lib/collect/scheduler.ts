import cron, { type ScheduledTask } from 'node-cron';
import { isAppError } from '../domain/errors';
import type { JobState } from '../domain/job';
import { logger } from '../log/log';
import type { Collector } from './collector';

const log = logger('scheduler');

/** After a failure that was not the job's own. */
const RETRY_MS = 30_000;

type Job = { collector: Collector; task: ScheduledTask; state: JobState; run: () => Promise<void> };

/** Runs collectors on their schedules, never one twice at a time, and knows how each is doing. */
export class Scheduler {
  private readonly jobs: Job[];
  private readonly retries = new Map<string, NodeJS.Timeout>();
  private stopped = false;

  constructor(collectors: readonly Collector[]) {
    this.jobs = collectors.map((collector) => {
      const state: JobState = {
        name: collector.name,
        schedule: collector.schedule,
        running: false,
        lastRun: null,
        lastDurationMs: null,
        lastError: null,
        lastCause: null,
        nextRun: null,
      };
      const run = async () => {
        clearTimeout(this.retries.get(state.name));
        await runOnce(collector, state);
        // What fails for the state of the world is tried again soon: an hour is long to wait for the next turn.
        if (state.lastCause === null || this.stopped) return;
        const retry = setTimeout(() => void run(), RETRY_MS);
        this.retries.set(state.name, retry.unref());
      };
      const task = cron.createTask(collector.schedule, run, {
        name: collector.name,
        noOverlap: true,
        suppressMissedWarning: true,
        logger: SILENT,
      });
      return { collector, task, state, run };
    });
  }

  /** Starts the schedules, and runs every collector once now: what was missed while we were away is caught up with. */
  async start(): Promise<void> {
    for (const { task, run } of this.jobs) {
      await task.start();
      void run();
    }
  }

  /** Runs one collector now, unless it is running. */
  async runNow(name: string): Promise<void> {
    await this.jobs.find((job) => job.collector.name === name)?.run();
  }

  states(): JobState[] {
    return this.jobs.map(({ state, task }) => ({
      ...state,
      nextRun: task.getNextRun()?.getTime() ?? null,
    }));
  }

  /** Stops the schedules and waits, at most `ms`, for what is running. */
  async stop(ms: number): Promise<void> {
    this.stopped = true;
    for (const retry of this.retries.values()) clearTimeout(retry);
    for (const { task } of this.jobs) await task.destroy();
    const end = Date.now() + ms;
    while (this.jobs.some((job) => job.state.running) && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** node-cron's own words (overlaps, mostly) are no news: the state of each job says it. */
const SILENT = { info() {}, warn() {}, error() {}, debug() {} };

async function runOnce(collector: Collector, state: JobState): Promise<void> {
  if (state.running) return;
  state.running = true;
  const started = Date.now();
  try {
    await collector.run();
    if (state.lastError !== null) log.info(`${collector.name} works again`);
    state.lastError = null;
    state.lastCause = null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const cause = causeOf(error);
    if (state.lastError !== message) {
      // A state of the world needs no stack; a fault of ours does.
      log.error(`${collector.name} failed: ${message}`, cause ? undefined : { error });
    }
    state.lastError = message;
    state.lastCause = cause;
  } finally {
    state.running = false;
    state.lastRun = started;
    state.lastDurationMs = Date.now() - started;
  }
}

function causeOf(error: unknown): JobState['lastCause'] {
  if (!isAppError(error)) return null;
  if (error.code === 'tailscale_unavailable') return 'tailscale';
  return error.code === 'store_unavailable' ? 'store' : null;
}
