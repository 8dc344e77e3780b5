import { isAppError, saidOf } from '../domain/errors';
import type { JobState } from '../domain/job';
import { nextTime, parseSchedule, type Schedule } from '../domain/schedule';
import { LANGUAGES } from '../i18n/languages';
import { inLanguage } from '../i18n/on-server';
import { logger } from '../log/log';
import { DAY, SECOND } from '../util/time';
import type { Collector } from './collector';

const log = logger('scheduler');

/** Delay after a failure that was not the job's own fault. */
const RETRY_MS = 30 * SECOND;
/** A timer may be some milliseconds early by the clock; that run must not be planned twice. */
const EARLY_MS = SECOND;
/** Jobs that are due in the same second begin one after the other, so that a request waits for one of them, not for all. */
const APART_MS = 40;

type Job = {
  collector: Collector;
  /** How long after a moment of its schedule it begins. */
  delayMs: number;
  schedule: Schedule;
  state: JobState;
  timer: NodeJS.Timeout | undefined;
  retry: NodeJS.Timeout | undefined;
  /** The first run that was missed since the job started; elapsed milliseconds. */
  missedAt: number | null;
  /** When its last run ended; elapsed milliseconds. */
  endedAt: number | null;
};

/**
 * Runs collectors on their schedules, never one concurrently with itself, and reports how each is doing. Each run is
 * planned by the clock, and awaited by elapsed time: setting the clock shifts only the runs after the next one, and
 * neither skips nor hurries one.
 */
export class Scheduler {
  private readonly jobs: Job[];
  private stopped = false;

  constructor(
    collectors: readonly Collector[],
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {
    this.jobs = collectors.map((collector, i) => ({
      collector,
      delayMs: (i * APART_MS) % SECOND,
      schedule: parseSchedule(collector.schedule),
      state: {
        name: collector.name,
        schedule: collector.schedule,
        running: false,
        lastRun: null,
        lastDurationMs: null,
        lastError: null,
        lastCause: null,
        nextRun: null,
        overdueMs: 0,
        runs: 0,
        failures: 0,
        ranMs: 0,
      },
      timer: undefined,
      retry: undefined,
      missedAt: null,
      endedAt: null,
    }));
  }

  /** Starts the schedules, and runs every collector once now, to make up for runs missed while the service was down. */
  async start(): Promise<void> {
    for (const job of this.jobs) {
      this.plan(job, this.now());
      void this.run(job);
    }
  }

  /** Runs one collector now, unless it is running. In English, as on its schedule, since it logs. */
  async runNow(name: string): Promise<void> {
    const job = this.jobs.find(({ collector }) => collector.name === name);
    if (job) await inLanguage(LANGUAGES[0], () => this.run(job));
  }

  /** Returns how each is doing, and when its last run ended, in elapsed milliseconds. */
  states(): (JobState & Pick<Job, 'endedAt'>)[] {
    return this.jobs.map(({ state, missedAt, endedAt }) => ({
      ...state,
      endedAt,
      overdueMs: missedAt === null ? 0 : this.elapsed() - missedAt,
    }));
  }

  /** Stops the schedules and waits, at most `ms`, for running collectors. */
  async stop(ms: number): Promise<void> {
    this.stopped = true;
    for (const { timer, retry } of this.jobs) {
      clearTimeout(timer);
      clearTimeout(retry);
    }
    const end = this.elapsed() + ms;
    while (this.jobs.some(({ state }) => state.running) && this.elapsed() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits for the first run after the moment `after` of the clock. */
  private plan(job: Job, after: number): void {
    const next = nextTime(job.schedule, after);
    job.state.nextRun = next;
    if (next === null) return;
    const inMs = Math.max(0, next - this.now()) + job.delayMs;
    this.wait(job, next, this.elapsed() + inMs);
  }

  private wait(job: Job, next: number, due: number): void {
    if (this.stopped) return;
    const rest = due - this.elapsed();
    // A timer takes at most 24 days.
    const timer = setTimeout(
      () => (rest > DAY ? this.wait(job, next, due) : this.turn(job, next)),
      Math.min(rest, DAY),
    );
    job.timer = timer;
  }

  private turn(job: Job, planned: number): void {
    const now = this.now();
    const isEarly = now < planned && planned - now < EARLY_MS;
    this.plan(job, isEarly ? planned : now);
    if (job.state.running) job.missedAt ??= this.elapsed();
    else void this.run(job);
  }

  private async run(job: Job): Promise<void> {
    const { collector, state } = job;
    if (state.running) return;
    clearTimeout(job.retry);
    state.running = true;
    const started = { wall: this.now(), elapsed: this.elapsed() };
    try {
      await collector.run();
      if (state.lastError !== null) log.info(`${collector.name} works again`);
      state.lastError = null;
      state.lastErrorSaid = undefined;
      state.lastCause = null;
    } catch (error) {
      state.failures++;
      noteFailure(state, error);
    } finally {
      state.running = false;
      state.lastRun = started.wall;
      job.endedAt = this.elapsed();
      const ranMs = job.endedAt - started.elapsed;
      state.lastDurationMs = Math.round(ranMs);
      state.runs++;
      state.ranMs += ranMs;
      job.missedAt = null;
    }
    // A failure with an outside cause is retried soon: the next scheduled run may be an hour away.
    if (state.lastCause === null || this.stopped) return;
    job.retry = setTimeout(() => void this.run(job), RETRY_MS).unref();
  }
}

function noteFailure(state: JobState, error: unknown): void {
  const said = saidOf(error);
  const message = said.text;
  const cause = causeOf(error);
  if (state.lastError !== message) {
    // An outside cause needs no stack trace; a bug does.
    log.error(`${state.name} failed: ${message}`, cause ? undefined : { error });
  }
  state.lastError = message;
  state.lastErrorSaid = said;
  state.lastCause = cause;
}

function causeOf(error: unknown): JobState['lastCause'] {
  if (!isAppError(error)) return null;
  if (error.code === 'tailscale_unavailable') return 'tailscale';
  return error.code === 'store_unavailable' ? 'store' : null;
}
