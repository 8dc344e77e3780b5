import type { Said } from './said';

/** The state of a job; times in epoch milliseconds. */
export type JobState = {
  name: string;
  schedule: string;
  running: boolean;
  lastRun: number | null;
  lastDurationMs: number | null;
  lastError: string | null;
  /** The error for readers of any language; a collector of the version before this sends none. */
  lastErrorSaid?: Said | undefined;
  /** What prevented the last run, when it was not the job's own fault. */
  lastCause: 'tailscale' | 'store' | null;
  nextRun: number | null;
  /** How long ago the first run was due that it missed because it was still running. */
  overdueMs: number;
  /** Since the start of the process: finished runs, those of them that failed, and how long they took. */
  runs: number;
  failures: number;
  ranMs: number;
};
