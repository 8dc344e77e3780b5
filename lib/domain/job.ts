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
  /** How long ago the first turn was that it missed, since it was still running. */
  overdueMs: number;
};
