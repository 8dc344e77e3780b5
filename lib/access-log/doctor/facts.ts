import type { FileProblem } from '../../domain/ingest-state';
import type { LogSample } from '../log-sample';

/** One log: its own file, or the newest of its uncompressed files. */
export type ExaminedLog = {
  path: string;
  /** Bytes of that file. */
  size: number;
  /** Whether `ACCESS_LOG_FORMAT` sets its format; otherwise it is recognised. */
  formatSet: boolean;
  sample: LogSample;
};

/** The facts that the log doctor judges. */
export type LogFacts = {
  /** `ACCESS_LOG`; `null` when it is not set. */
  pattern: string | null;
  /** What could not be opened, or not read to its end. */
  problems: readonly Pick<FileProblem, 'path' | 'code' | 'message' | 'said'>[];
  logs: readonly ExaminedLog[];
  /** The user that runs this process, for the commands that grant it access. */
  user: string;
  /** Whether this process runs in a container, so that its paths and users differ from the host's. */
  container: boolean;
};
