import type { RejectedRange } from '../domain/access';
import type { Checkpoint } from '../domain/checkpoint';
import type { IngestStore } from '../store/ports/ingest';

/** What the store knows of files; loaded once, until another process claims files or a commit fails. */
export class KnownFiles {
  private checkpoints: Map<number, Checkpoint> | undefined;
  /** By file: ranges of rejected lines that have not been read again since the start. */
  private rejected: Map<number, RejectedRange[]> | undefined;
  private lastFile = 0;

  constructor(private readonly store: IngestStore) {}

  /** Returns the checkpoints by file. */
  async load(): Promise<ReadonlyMap<number, Checkpoint>> {
    if (!this.checkpoints) {
      const stored = await this.store.checkpoints();
      this.checkpoints = new Map(stored.map((checkpoint) => [checkpoint.file, checkpoint]));
      this.lastFile = Math.max(0, ...this.checkpoints.keys());
      this.rejected ??= byFile(await this.store.rejectedRanges());
    }
    return this.checkpoints;
  }

  get(file: number): Checkpoint | undefined {
    return this.checkpoints?.get(file);
  }

  /**
   * Stores new files, numbered. Returns `null`, having stored nothing, when another process has claimed files since
   * they were loaded: they may be the same ones.
   */
  async claim(files: readonly Omit<Checkpoint, 'file'>[]): Promise<Checkpoint[] | null> {
    if (files.length === 0) return [];
    const numbered = files.map((file, i) => ({ ...file, file: this.lastFile + 1 + i }));
    if (!(await this.store.claimFiles(numbered))) {
      this.checkpoints = undefined;
      return null;
    }
    this.committed(numbered);
    return numbered;
  }

  committed(checkpoints: readonly Checkpoint[]): void {
    for (const checkpoint of checkpoints) {
      this.checkpoints?.set(checkpoint.file, checkpoint);
      this.lastFile = Math.max(this.lastFile, checkpoint.file);
    }
  }

  /** Call when a commit failed: what was in memory and not stored is read again. */
  forget(): void {
    this.checkpoints = undefined;
    this.rejected = undefined;
  }

  /** Returns, once, the file's ranges of lines that were rejected under different knowledge. */
  takeRejected(file: number, knowledge: string): RejectedRange[] {
    const ranges = this.rejected?.get(file) ?? [];
    this.rejected?.delete(file);
    return ranges.filter((one) => one.knowledge !== knowledge);
  }
}

function byFile(ranges: readonly RejectedRange[]): Map<number, RejectedRange[]> {
  const files = new Map<number, RejectedRange[]>();
  for (const range of ranges) {
    const own = files.get(range.file);
    if (own) own.push(range);
    else files.set(range.file, [range]);
  }
  return files;
}
