import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type Assignment, matchFiles } from '../access-log/file-identity';
import {
  discover,
  discoverNamed,
  eachLine,
  FingerprintCache,
  type FoundFile,
  readChunks,
  TOO_LONG,
} from '../access-log/follow';
import { knowledgeOf } from '../access-log/knowledge';
import { learnFrom } from '../access-log/learn';
import { linesBefore } from '../access-log/log-sample';
import { createLineParser, type LineParser, NOT_AN_ACCESS } from '../access-log/parse';
import { problemOf } from '../access-log/problems';
import { type FormatOf, formatsOf } from '../access-log/settings/per-log';
import type { Checkpoint } from '../domain/checkpoint';
import type { FileProblem, IngestState } from '../domain/ingest-state';
import { StoreUnavailable } from '../store/ports/store-unavailable';
import type { Stores } from '../store/ports/stores';
import { MINUTE } from '../util/time';
import { KnownFiles } from './known-files';
import { PendingBatch } from './pending-batch';
import { RejectedRun } from './rejected-run';
import { readAgain } from './reread';
import { failed, type ShownFile, shown } from './shown-file';

/** The state key that is set once a first pass has been made. */
const LOOKED = 'access_log_looked_at';

export type IngestOptions = {
  /** `ACCESS_LOG`: paths and globs. */
  pattern: string;
  /** An import: these files alone, to their end, whatever was skipped of them before. */
  files?: readonly string[];
  /** `ACCESS_LOG_FORMAT`: a format, or several by log; undefined: recognised. */
  format: string | undefined;
  /** Whether the first start reads existing content. */
  backfill: boolean;
};

/**
 * Stores the access logs, a pass at a time. Each commit holds the hits and how far the files have been read, so a pass
 * may stop anywhere: the next one continues from what was stored.
 */
export class Ingest {
  /** Of all passes: lines read, accesses or not, and those of them that were rejected. */
  readonly counts = { lines: 0, rejected: 0, byPath: new Map<string, number>() };
  state: IngestState = { files: [], hits: 0, lastHit: null, problems: [] };
  private readonly fingerprints = new FingerprintCache();
  /** Files that could not be read to their end; they are not tried again until they change. */
  private readonly damaged = new Map<string, FileProblem>();
  private readonly parsers = new Map<string, LineParser>();
  private readonly formatOf: FormatOf;
  private readonly known: KnownFiles;
  /** What exists at the very first look is the past; what appears later is not. */
  private looked = false;

  constructor(
    private readonly store: Pick<Stores, 'ingest' | 'state'>,
    private readonly options: IngestOptions,
    private readonly onProgress: (state: IngestState) => void = () => {},
  ) {
    this.known = new KnownFiles(store.ingest);
    // An unusable format is reported at the start, not at the first line.
    this.formatOf = formatsOf(options.format);
  }

  /** Reads everything that is new. Throws `StoreUnavailable`, having stored everything before the failed commit. */
  async run(signal?: AbortSignal): Promise<void> {
    try {
      await this.pass(signal);
    } catch (error) {
      this.known.forget();
      throw error;
    } finally {
      this.onProgress(this.state);
    }
  }

  private async pass(signal?: AbortSignal): Promise<void> {
    const { files: asked, pattern } = this.options;
    const { found, problems } = await (asked === undefined
      ? discover(pattern, this.fingerprints)
      : discoverNamed(asked, this.fingerprints));
    const there = new Set(found.map(sameContent));
    for (const content of this.damaged.keys())
      if (!there.has(content)) this.damaged.delete(content);
    const { assignments, retired, waiting, done } = await this.match(found, problems);
    const batch = new PendingBatch();
    for (const file of retired) {
      const record = this.known.get(file);
      if (record) batch.checkpoint({ ...record, retired: true });
    }
    const files = assignments.map(({ file, from }) => shown(file, from));
    this.state = {
      ...this.state,
      problems,
      files: [
        ...files,
        ...waiting.map((file) => shown(file, 0)),
        ...problems.map((one) => failed(shown({ ...one, size: 0 }, 0), one)),
      ],
    };
    for (const [i, assignment] of assignments.entries()) {
      const file = files[i];
      if (file) await this.readFile(assignment, file, batch, signal);
      // A copy of this file may follow, whose hits have the same log positions.
      if (this.options.files !== undefined) await this.commit(batch);
      if (signal?.aborted) break;
    }
    for (const { file, known } of [...assignments, ...done]) {
      if (!signal?.aborted) await this.readAgain(file, known, batch, signal);
    }
    await this.commit(batch);
    if (!this.looked) await this.store.state.saveState(LOOKED, new Date().toISOString());
    this.looked = true;
  }

  /** Matches files with known ones and claims those that are new, before anything is read from them. */
  private async match(found: FoundFile[], problems: readonly FileProblem[]) {
    for (;;) {
      const known = await this.known.load();
      this.looked ||=
        this.options.files !== undefined || (await this.store.state.loadState(LOOKED)) !== null;
      const match = matchFiles(found, [...known.values()], {
        backfill: this.options.backfill || this.looked,
        incomplete: new Set(problems.map(({ log }) => log)),
        wholeHistory: this.options.files !== undefined,
      });
      const all = match.assignments.filter((one) => one.known === null);
      const fresh = this.options.files === undefined ? all : differing(all);
      const claimed = await this.known.claim(fresh.map(checkpointOf));
      // The others may hold the same as those that were claimed just now.
      if (claimed === null || fresh.length < all.length) continue;
      const numbers = new Map(fresh.map((one, i) => [one, claimed[i]?.file]));
      const assignments = match.assignments.flatMap((one) => {
        const number = one.known ?? numbers.get(one);
        const final = one.final || (this.options.files !== undefined && isAtRest(one.file));
        return number === undefined ? [] : [{ ...one, known: number, final }];
      });
      return { ...match, assignments };
    }
  }

  private async readFile(
    assignment: Assignment<FoundFile> & { known: number },
    state: ShownFile,
    batch: PendingBatch,
    signal?: AbortSignal,
  ): Promise<void> {
    const { file, known: number, from, final, retired } = assignment;
    const parser = await this.parser(file, from);
    state.format = parser.format;
    const checkpoint: Checkpoint = { ...checkpointOf(assignment), file: number };
    const stored = this.known.get(number);
    if (!stored || !sameCheckpoint(stored, checkpoint)) batch.checkpoint({ ...checkpoint });
    const damage = this.damaged.get(sameContent(file));
    if (damage) failed(state, damage);
    if (retired || damage) return;
    if (!file.compressed && file.size === from) return;
    const knowledge = knowledgeOf(this.formatOf(file.log));
    try {
      for await (const chunk of readChunks(file, from, { final, signal })) {
        const run = new RejectedRun(number, knowledge, batch.rejectedRanges);
        learnFrom(chunk, parser);
        const { counts } = this;
        const before = counts.lines;
        eachLine(chunk, (line, offset) => {
          const parsed = line === null ? TOO_LONG : parser.parse(line);
          counts.lines++;
          if (typeof parsed === 'string' && line !== null) run.rejected(offset);
          else run.end(offset);
          if (parsed === NOT_AN_ACCESS) return;
          if (typeof parsed === 'string') {
            counts.rejected++;
            batch.rejected.push({
              position: { file: number, offset },
              line: line ?? '',
              reason: parsed,
            });
          } else batch.hits.add(parsed, number, offset);
        });
        const already = counts.byPath.get(file.path) ?? 0;
        counts.byPath.set(file.path, already + counts.lines - before);
        run.end(chunk.nextOffset);
        checkpoint.offset = chunk.nextOffset;
        batch.checkpoint({ ...checkpoint });
        if (!file.compressed) state.readBytes = chunk.nextOffset;
        state.format = parser.format;
        if (batch.isFull) {
          await this.commit(batch);
          this.onProgress(this.state);
          await yieldToOthers();
        }
      }
      if (!file.compressed || signal?.aborted) return;
      // Nothing is appended to a compressed file, so it need not be unpacked again.
      batch.checkpoint({ ...checkpoint, retired: true });
      state.readBytes = file.size;
    } catch (error) {
      // A fault of one file must not stop the others from being read.
      if (!isOfFile(error)) throw error;
      const damage = problemOf(file.path, file.log, error);
      failed(state, damage);
      this.damaged.set(sameContent(file), damage);
    }
  }

  /** Reads lines of a file again that an earlier format or version rejected. */
  private async readAgain(
    file: FoundFile,
    number: number,
    batch: PendingBatch,
    signal?: AbortSignal,
  ): Promise<void> {
    const format = this.formatOf(file.log);
    const knowledge = knowledgeOf(format);
    const ranges = this.known.takeRejected(number, knowledge);
    if (ranges.length === 0) return;
    const parser = createLineParser({ format, path: file.log });
    try {
      for await (const _ of readAgain(file, ranges, parser, knowledge, () => batch, signal)) {
        if (!batch.isFull) continue;
        await this.commit(batch);
        this.onProgress(this.state);
        await yieldToOthers();
      }
    } catch (error) {
      // An unreadable file is reported where its new lines are read.
      if (!isOfFile(error)) throw error;
    }
  }

  /** Creates the parser of a log. One that begins in the middle of a file is given the lines before. */
  private async parser(file: FoundFile, from: number): Promise<LineParser> {
    const existing = this.parsers.get(file.log);
    if (existing) return existing;
    const parser = createLineParser({ format: this.formatOf(file.log), path: file.log });
    if (!file.compressed && from > 0) {
      parser.resume(await linesBefore(file.path, from).catch(() => []));
    }
    this.parsers.set(file.log, parser);
    return parser;
  }

  private async commit(pending: PendingBatch): Promise<void> {
    const batch = pending.take();
    if (batch.checkpoints.length === 0 && batch.reread.length === 0) return;
    await this.store.ingest.commit(batch);
    this.known.committed(batch.checkpoints);
    this.state.hits += batch.hits.length;
    let newest = this.state.lastHit ?? 0;
    for (const time of batch.hits.columns.time) if (time > newest) newest = time;
    if (newest > 0) this.state.lastHit = newest;
  }
}

function checkpointOf({ file, from, fingerprint, retired }: Assignment<FoundFile>) {
  const { log, path, device, inode } = file;
  return { log, path, device, inode, fingerprint, offset: from, retired };
}

/** Returns the first of those that begin with the same line. */
function differing(assignments: Assignment<FoundFile>[]): Assignment<FoundFile>[] {
  const first = new Map<string, Assignment<FoundFile>>();
  for (const one of assignments) {
    const line = one.file.fingerprint.toString('latin1').split('\n', 1)[0] ?? '';
    if (!first.has(line)) first.set(line, one);
  }
  return [...first.values()];
}

/** Returns whether nothing has been written to it for a while: its last line is complete. */
const isAtRest = ({ modified }: FoundFile) => Date.now() - modified > MINUTE;

const sameContent = ({ device, inode, size, modified }: FoundFile) =>
  `${device}:${inode}:${size}:${modified}`;

function sameCheckpoint(a: Checkpoint, b: Checkpoint): boolean {
  return (
    a.log === b.log &&
    a.path === b.path &&
    a.device === b.device &&
    a.inode === b.inode &&
    a.fingerprint === b.fingerprint &&
    a.offset === b.offset &&
    a.retired === b.retired
  );
}

/** Returns whether an error concerns a file, rather than the store or a bug in this program. */
function isOfFile(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof StoreUnavailable) && 'code' in error;
}
