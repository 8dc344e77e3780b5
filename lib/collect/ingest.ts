import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type Assignment, matchFiles } from '../access-log/file-identity';
import {
  discover,
  eachLine,
  FingerprintCache,
  type FoundFile,
  readChunks,
  TOO_LONG,
} from '../access-log/follow';
import { knowledgeOf } from '../access-log/knowledge';
import { linesBefore } from '../access-log/log-sample';
import { createLineParser, type LineParser, NOT_AN_ACCESS } from '../access-log/parse';
import { type FormatOf, formatsOf } from '../access-log/settings/per-log';
import type { RejectedRange } from '../domain/access';
import type { Checkpoint } from '../domain/checkpoint';
import type { IngestState } from '../domain/ingest-state';
import { StoreUnavailable } from '../store/ports/store-unavailable';
import type { Stores } from '../store/ports/stores';
import { PendingBatch } from './pending-batch';
import { RejectedRun } from './rejected-run';
import { LEARNT, readAgain } from './reread';

/** The state key that is set once a first pass has been made. */
const LOOKED = 'access_log_looked_at';

export type IngestOptions = {
  /** A path or a glob. */
  pattern: string;
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
  state: IngestState = { files: [], hits: 0, lastHit: null, problems: [] };
  private readonly fingerprints = new FingerprintCache();
  /** Files that could not be read to their end; they are not tried again until they change. */
  private readonly damaged = new Map<string, string>();
  private readonly parsers = new Map<string, LineParser>();
  private readonly formatOf: FormatOf;
  private checkpoints: Map<number, Checkpoint> | undefined;
  /** By file: ranges of rejected lines that have not been read again since the start. */
  private rejectedBefore = new Map<number, RejectedRange[]>();
  private nextFile = 1;
  /** What exists at the very first look is the past; what appears later is not. */
  private looked = false;

  constructor(
    private readonly store: Pick<Stores, 'ingest' | 'state'>,
    private readonly options: IngestOptions,
    private readonly onProgress: (state: IngestState) => void = () => {},
  ) {
    // An unusable format is reported at the start, not at the first line.
    this.formatOf = formatsOf(options.format);
  }

  /** Reads everything that is new. Throws `StoreUnavailable`, having stored everything before the failed commit. */
  async run(signal?: AbortSignal): Promise<void> {
    try {
      await this.pass(signal);
    } catch (error) {
      // What was in memory and not stored is read again.
      this.checkpoints = undefined;
      throw error;
    } finally {
      this.onProgress(this.state);
    }
  }

  private async pass(signal?: AbortSignal): Promise<void> {
    const { found, problems } = await discover(this.options.pattern, this.fingerprints);
    const records = await this.knownFiles();
    const there = new Set(found.map(sameContent));
    for (const content of this.damaged.keys())
      if (!there.has(content)) this.damaged.delete(content);
    const { assignments, retired, waiting, done } = matchFiles(found, [...records.values()], {
      backfill: this.options.backfill || this.looked,
      incomplete: new Set(problems.map(({ log }) => log)),
    });
    const batch = new PendingBatch();
    for (const file of retired) {
      const record = records.get(file);
      if (record) batch.checkpoint({ ...record, retired: true });
    }
    const files = assignments.map(({ file, from }) => shown(file, from));
    this.state = {
      ...this.state,
      problems,
      files: [
        ...files,
        ...waiting.map((file) => shown(file, 0)),
        ...problems.map(({ path, log, message }) => shown({ path, log, size: 0 }, 0, message)),
      ],
    };
    for (const [i, assignment] of assignments.entries()) {
      const file = files[i];
      if (file) await this.readFile(assignment, file, batch, signal);
      if (signal?.aborted) break;
    }
    for (const { file, known } of [...assignments, ...done]) {
      if (known !== null && !signal?.aborted) await this.readAgain(file, known, batch, signal);
    }
    await this.commit(batch);
    if (!this.looked) await this.store.state.saveState(LOOKED, new Date().toISOString());
    this.looked = true;
  }

  private async readFile(
    { file, known, from, fingerprint, final, retired }: Assignment<FoundFile>,
    shown: IngestState['files'][number],
    batch: PendingBatch,
    signal?: AbortSignal,
  ): Promise<void> {
    const parser = await this.parser(file, from);
    shown.format = parser.format;
    const { log, path, device, inode } = file;
    const number = known ?? this.nextFile++;
    const checkpoint: Checkpoint = {
      file: number,
      log,
      path,
      device,
      inode,
      fingerprint,
      offset: from,
      retired,
    };
    const before = this.checkpoints?.get(number);
    if (!before || !sameCheckpoint(before, checkpoint)) batch.checkpoint({ ...checkpoint });
    if (file.compressed) shown.readBytes = file.size;
    shown.error = this.damaged.get(sameContent(file)) ?? null;
    if (retired || shown.error !== null) return;
    if (!file.compressed && file.size === from) return;
    const knowledge = knowledgeOf(this.formatOf(log));
    try {
      for await (const chunk of readChunks(file, from, { final, signal })) {
        const run = new RejectedRun(number, knowledge, batch.rejectedRanges);
        for (const line of chunk.text.split('\n', LEARNT)) parser.learn(line);
        eachLine(chunk, (line, offset) => {
          const parsed = line === null ? TOO_LONG : parser.parse(line);
          if (typeof parsed === 'string' && line !== null) run.rejected(offset);
          else run.end(offset);
          if (parsed === NOT_AN_ACCESS) return;
          if (typeof parsed === 'string') {
            batch.rejected.push({
              position: { file: number, offset },
              line: line ?? '',
              reason: parsed,
            });
          } else batch.hits.add(parsed, number, offset);
        });
        run.end(chunk.nextOffset);
        checkpoint.offset = chunk.nextOffset;
        batch.checkpoint({ ...checkpoint });
        if (!file.compressed) shown.readBytes = chunk.nextOffset;
        shown.format = parser.format;
        if (batch.isFull) {
          await this.commit(batch);
          this.onProgress(this.state);
          await yieldToOthers();
        }
      }
      // Nothing is appended to a compressed file, so it need not be unpacked again.
      if (file.compressed && !signal?.aborted) batch.checkpoint({ ...checkpoint, retired: true });
    } catch (error) {
      // A fault of one file must not stop the others from being read.
      if (!isOfFile(error)) throw error;
      shown.error = error.message;
      this.damaged.set(sameContent(file), error.message);
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
    const ranges = this.rejectedBefore.get(number)?.filter((one) => one.knowledge !== knowledge);
    this.rejectedBefore.delete(number);
    if (ranges === undefined || ranges.length === 0) return;
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

  private async knownFiles(): Promise<Map<number, Checkpoint>> {
    if (!this.checkpoints) {
      const stored = await this.store.ingest.checkpoints();
      this.checkpoints = new Map(stored.map((checkpoint) => [checkpoint.file, checkpoint]));
      this.nextFile = await this.store.ingest.nextFile();
      this.rejectedBefore = byFile(await this.store.ingest.rejectedRanges());
      this.looked = (await this.store.state.loadState(LOOKED)) !== null;
    }
    return this.checkpoints;
  }

  private async commit(pending: PendingBatch): Promise<void> {
    const batch = pending.take();
    if (batch.checkpoints.length === 0 && batch.reread.length === 0) return;
    await this.store.ingest.commit(batch);
    for (const checkpoint of batch.checkpoints) this.checkpoints?.set(checkpoint.file, checkpoint);
    this.state.hits += batch.hits.length;
    const newest = batch.hits.columns.time.reduce((a, b) => Math.max(a, b), 0);
    if (newest > 0) this.state.lastHit = Math.max(this.state.lastHit ?? 0, newest);
  }
}

function shown(
  { path, log, size }: Pick<FoundFile, 'path' | 'log' | 'size'>,
  readBytes: number,
  error: string | null = null,
): IngestState['files'][number] {
  return { path, log, format: null, sizeBytes: size, readBytes, error };
}

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

function byFile(ranges: readonly RejectedRange[]): Map<number, RejectedRange[]> {
  const files = new Map<number, RejectedRange[]>();
  for (const range of ranges) {
    const own = files.get(range.file);
    if (own) own.push(range);
    else files.set(range.file, [range]);
  }
  return files;
}
