import type { RejectedRange } from '../domain/access';

/** Puts neighbouring rejected lines of one file together into ranges. */
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

  /** Something else begins at `offset`. */
  end(offset: number): void {
    if (this.start < 0) return;
    this.into.push({ file: this.file, start: this.start, end: offset, knowledge: this.knowledge });
    this.start = -1;
  }
}
