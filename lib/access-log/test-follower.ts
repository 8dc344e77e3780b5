import * as fs from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Checkpoint } from '../domain/checkpoint';
import { matchFiles } from './file-identity';
import { discover, eachLine, FingerprintCache, readChunks } from './follow';

/** A miniature collector: finds, matches, reads, remembers. A new one with the same records is a restart. */
export class Follower {
  lines: string[] = [];
  /** Of each line: its file's number and offset. */
  positions: string[] = [];
  errors: unknown[] = [];
  readonly cache = new FingerprintCache();
  constructor(
    readonly pattern: string,
    readonly records = new Map<number, Checkpoint>(),
  ) {}

  async look(backfill = true) {
    const { found, problems } = await discover(this.pattern, this.cache);
    const incomplete = new Set(problems.map((problem) => problem.log));
    const options = { backfill, incomplete };
    const { assignments, retired } = matchFiles(found, [...this.records.values()], options);
    for (const number of retired) {
      const record = this.records.get(number);
      if (record) record.retired = true;
    }
    for (const { file, known, from, fingerprint, final, retired: skip } of assignments) {
      const { path, device, inode } = file;
      const number = known ?? this.records.size + 1;
      const record = {
        file: number,
        log: file.log,
        path,
        device,
        inode,
        fingerprint,
        offset: from,
        retired: skip,
      };
      this.records.set(number, record);
      if (skip) continue;
      try {
        for await (const chunk of readChunks(file, from, { final })) {
          eachLine(chunk, (line, offset) => {
            this.lines.push(line ?? '(too long)');
            this.positions.push(`${number}:${offset}`);
          });
          record.offset = chunk.nextOffset;
        }
        if (file.compressed) record.retired = true;
      } catch (error) {
        this.errors.push(error);
      }
    }
    return problems;
  }

  restarted(): Follower {
    const next = new Follower(this.pattern, this.records);
    next.lines = this.lines;
    return next;
  }
}

/** `line 1`, `line 2`, … */
export const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `line ${from + n}`);
/** Appends the lines of those numbers. */
export const append = (path: string, from: number, to: number) =>
  fs.appendFileSync(
    path,
    numbered(from, to)
      .map((line) => `${line}\n`)
      .join(''),
  );
/** Compresses a file like `gzip`. */
export const gzip = (path: string) => {
  fs.writeFileSync(`${path}.gz`, gzipSync(fs.readFileSync(path)));
  fs.rmSync(path);
};
