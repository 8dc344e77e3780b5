import { existsSync } from 'node:fs';
import { examine } from '../access-log/doctor/examine';
import type { ExaminedLog } from '../access-log/doctor/facts';
import { sampleFile, takeSample } from '../access-log/log-sample';
import { createLineParser } from '../access-log/parse';
import { packingOf } from '../access-log/rotation';
import { type FormatOf, formatsOf } from '../access-log/settings/per-log';
import { currentUser } from '../access-log/shell';
import type { Finding } from '../domain/finding';
import type { IngestState } from '../domain/ingest-state';

/** How long findings are cached, since every open page requests them. */
const GOOD_FOR_MS = 10_000;
/** The most logs examined, of a folder with more. */
const MOST_LOGS = 200;

type LogFile = IngestState['files'][number];

/** Examines the log files themselves and reports what is wrong with them. */
export class LogDoctor {
  private last: { at: number; findings: Promise<Finding[]> } | undefined;
  private readonly formatOf: FormatOf;

  constructor(
    private readonly log: { pattern: string | null; format: string | undefined },
    private readonly ingest: { readonly state: IngestState },
    private readonly now: () => number = Date.now,
  ) {
    this.formatOf = formatsOf(log.format);
  }

  /** Returns findings, worst first. */
  findings(): Promise<Finding[]> {
    const now = this.now();
    if (!this.last || now - this.last.at > GOOD_FOR_MS) {
      this.last = { at: now, findings: this.look() };
    }
    return this.last.findings;
  }

  private async look(): Promise<Finding[]> {
    const { files, problems } = this.ingest.state;
    const damaged = files.flatMap(({ path, error, errorSaid }) =>
      error === null || problems.some((problem) => problem.path === path)
        ? []
        : [{ path, code: 'DAMAGED', message: error, said: errorSaid }],
    );
    const logs: ExaminedLog[] = [];
    for (const file of newestOfEach(files).slice(0, MOST_LOGS))
      logs.push(await this.examined(file));
    return examine({
      pattern: this.log.pattern,
      problems: [...problems, ...damaged],
      logs,
      user: currentUser(),
      container: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
    });
  }

  private async examined({ path, log, sizeBytes }: LogFile): Promise<ExaminedLog> {
    const lines = await sampleFile(path).catch(() => []);
    const format = this.formatOf(log);
    const sample = takeSample(lines, createLineParser({ format, path: log }), this.now());
    return { path, size: sizeBytes, formatSet: format !== undefined, sample };
  }
}

/** Returns the file of each log that shows its current state: the newest uncompressed one. */
function newestOfEach(files: readonly LogFile[]): LogFile[] {
  const newest = new Map<string, LogFile>();
  for (const file of files) if (packingOf(file.path) === '') newest.set(file.log, file);
  return [...newest.values()];
}
