import type { LogSample } from '../log-sample';

/** One log: its own file, or the newest of its files that is not packed. */
export type ExaminedLog = {
  path: string;
  /** Bytes of that file. */
  size: number;
  /** Whether `ACCESS_LOG_FORMAT` sets its format; otherwise it is recognised. */
  formatSet: boolean;
  sample: LogSample;
};

/** What the log doctor judges. */
export type LogFacts = {
  /** `ACCESS_LOG`; `null` when it is not set. */
  pattern: string | null;
  /** What could not be looked at, or not read to its end. */
  problems: readonly { path: string; code: string; message: string }[];
  logs: readonly ExaminedLog[];
  /** Who runs this process, for the commands that give it access. */
  user: string;
  /** This process runs in a container, so that its paths and users are not those of the machine. */
  container: boolean;
};
