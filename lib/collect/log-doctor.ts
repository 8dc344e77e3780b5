import { examine } from '../access-log/doctor';
import { sampleFile, takeSample } from '../access-log/log-sample';
import { createLineParser } from '../access-log/parse';
import { currentUser } from '../access-log/shell';
import type { Finding } from '../domain/finding';
import type { IngestState } from '../domain/ingest-state';

/** A look is good for this long: every open page asks. */
const GOOD_FOR_MS = 10_000;

/** Looks at the log files themselves, now and then, and says what is wrong with them. */
export class LogDoctor {
  private last: { at: number; findings: Promise<Finding[]> } | undefined;

  constructor(
    private readonly log: { pattern: string | null; format: string | undefined },
    private readonly ingest: { readonly state: IngestState },
    private readonly now: () => number = Date.now,
  ) {}

  /** Findings, worst first. */
  findings(): Promise<Finding[]> {
    const now = this.now();
    if (!this.last || now - this.last.at > GOOD_FOR_MS) {
      this.last = { at: now, findings: this.look() };
    }
    return this.last.findings;
  }

  private async look(): Promise<Finding[]> {
    const { files, problems } = this.ingest.state;
    // The newest file is the one whose lines say how things are now.
    const newest = files.filter((file) => !file.path.endsWith('.gz')).at(-1);
    const lines = newest ? await sampleFile(newest.path).catch(() => []) : [];
    return examine({
      pattern: this.log.pattern,
      problems,
      files: files.map(({ path, sizeBytes, format }) => ({ path, size: sizeBytes, format })),
      sample: takeSample(lines, createLineParser({ format: this.log.format })),
      user: currentUser(),
    });
  }
}
