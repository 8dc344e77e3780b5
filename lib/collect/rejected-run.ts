import type { RejectedRange } from '../domain/access';

/** Merges adjacent rejected lines of one file into ranges. */
export class RejectedRun {
  private start = -1;

  constructor(
    private readonly file: number,
    private readonly knowledge: string,
    private readonly into: RejectedRange[],
  ) {}

  rejected(offset: number): void {
    if (this.start < 0) this.start = offset;
  }

  /** Ends the current range at `offset`. */
  end(offset: number): void {
    if (this.start < 0) return;
    this.into.push({ file: this.file, start: this.start, end: offset, knowledge: this.knowledge });
    this.start = -1;
  }
}
