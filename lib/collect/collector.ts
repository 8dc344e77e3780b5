/** One kind of work done again and again. */
export type Collector = {
  /** Unique; it is the job's name on `/healthz`. */
  name: string;
  /** A cron expression, with seconds. */
  schedule: string;
  /** Does the work once. What it throws is shown as the job's last error. */
  run(): Promise<void>;
};

/** How a job is doing; times in epoch milliseconds. */
export type JobState = {
  name: string;
  schedule: string;
  running: boolean;
  lastRun: number | null;
  lastDurationMs: number | null;
  lastError: string | null;
  /** What kept the last run from its work, when it was not the job's own fault. */
  lastCause: 'tailscale' | 'store' | null;
  nextRun: number | null;
};
