import type { FileHandle } from 'node:fs/promises';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { ModelEntry } from '../domain/model';
import { type Said, say } from '../domain/said';
import type { MessageKey } from '../i18n/messages';
import { logger } from '../log/log';
import type { CsvFileState, ModelCsvStore } from '../store/ports/model-csv';
import { StoreUnavailable } from '../store/ports/store-unavailable';
import { CSV_HEADER, readReports, reportRow } from './report-csv';

const log = logger('models');
const AT_ONCE = 200;
/** A larger file is not checked; if another process changed it, it is set aside. */
const MOST_READ_BYTES = 64 * 1024 * 1024;

/**
 * `metrics_history.csv`: every report in the store, for pandas and spreadsheets. The store is written first: the next
 * `flush` repairs the file after a crash between the two, without a row lost, duplicated or half written. A file
 * changed by another process is appended to if it is intact, and set aside under another name if not; `notice` says so.
 */
export class MetricsFile {
  /** A message about changes found in the file since the start; `null`: none. */
  notice: Said | null = null;

  constructor(
    readonly file: string,
    private readonly store: ModelCsvStore,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Writes what is stored but not in the file; returns whether there was any. Throws `StoreUnavailable` when it cannot
   * be written.
   */
  async flush(): Promise<boolean> {
    for (let wrote = false; ; wrote = true) {
      const entries = await this.store.notInCsv(AT_ONCE);
      if (entries.length === 0) return wrote;
      try {
        await this.write(entries);
      } catch (error) {
        throw unavailable(error, this.file);
      }
    }
  }

  private async write(entries: readonly ModelEntry[]): Promise<void> {
    const left = await this.store.csvFileState();
    const now = await stateOf(this.file);
    if (now === null) {
      if (left) this.tell(say('stores.csvGone', { file: this.file }));
      return this.writeAnew();
    }
    const rows = Buffer.from(entries.map(reportRow).join(''));
    if (left && now.bytes === left.bytes && now.modifiedMs === left.modifiedMs) {
      return this.append(rows, entries, left.bytes);
    }
    if (left && (await this.isOurOwnTail(left.bytes, now.bytes, rows))) {
      return this.append(rows, entries, left.bytes);
    }
    const fault = await this.faultOf(now.bytes);
    if (fault === null) {
      this.tell(say('stores.csvChanged', { file: this.file }));
      return this.append(rows, entries, now.bytes);
    }
    const aside = `${this.file.replace(/\.csv$/, '')}.kept-${this.now()}.csv`;
    await fs.rename(this.file, aside);
    this.tell(
      say('stores.csvAside', {
        ...{ file: this.file, fault: { said: fault }, name: path.basename(aside), aside },
      }),
    );
    return this.writeAnew();
  }

  /** Returns whether the end of the file is what a crash left of an append: the beginning of these very rows. */
  private async isOurOwnTail(from: number, to: number, rows: Buffer): Promise<boolean> {
    if (to <= from || to - from > rows.length) return false;
    const handle = await fs.open(this.file, 'r');
    try {
      const tail = Buffer.alloc(to - from);
      await handle.read(tail, 0, tail.length, from);
      return tail.equals(rows.subarray(0, tail.length));
    } finally {
      await handle.close();
    }
  }

  /** Returns why rows cannot be added to the file as it is; `null` when they can. */
  private async faultOf(bytes: number): Promise<Said | null> {
    if (bytes > MOST_READ_BYTES) return say('stores.csvTooLarge');
    const { faults, isOurs } = readReports(await fs.readFile(this.file, 'utf8'));
    const [first] = faults;
    if (first) {
      return say('stores.csvLine', { line: first.line, fault: { said: first.message } });
    }
    return isOurs ? null : say('stores.csvOther');
  }

  private async append(rows: Buffer, entries: readonly ModelEntry[], at: number): Promise<void> {
    const handle = await fs.open(this.file, 'r+');
    try {
      await handle.truncate(at);
      await writeAll(handle, rows, at);
      await handle.sync();
    } catch (error) {
      // Half a row would block later appends until the disk has room again.
      await handle.truncate(at).catch(() => {});
      throw error;
    } finally {
      await handle.close();
    }
    await this.noteWritten(entries.map(({ id }) => id));
  }

  private async writeAnew(): Promise<void> {
    await fs.mkdir(path.dirname(this.file), { recursive: true });
    const draft = `${this.file}.unfinished`;
    const ids: number[] = [];
    const handle = await fs.open(draft, 'w', 0o600);
    try {
      await handle.write(CSV_HEADER);
      for (let after = 0; ; ) {
        const entries = await this.store.entriesAfter(after, AT_ONCE);
        const last = entries.at(-1);
        if (!last) break;
        await handle.write(entries.map(reportRow).join(''));
        for (const { id } of entries) ids.push(id);
        after = last.id;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(draft, this.file);
    await this.noteWritten(ids);
  }

  private async noteWritten(ids: readonly number[]): Promise<void> {
    const state = await stateOf(this.file);
    if (state) await this.store.noteInCsv(ids, state);
  }

  private tell(notice: Said): void {
    this.notice = notice;
    log.warn(notice.text);
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

async function stateOf(file: string): Promise<CsvFileState | null> {
  try {
    const { size, mtimeMs } = await fs.stat(file);
    return { bytes: size, modifiedMs: mtimeMs };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

const WORDS: Record<string, [StoreUnavailable['reason'], MessageKey]> = {
  ENOSPC: ['full', 'stores.csvFull'],
  EDQUOT: ['full', 'stores.csvQuota'],
  EACCES: ['read_only', 'stores.csvMayNotWrite'],
  EPERM: ['read_only', 'stores.csvMayNotWrite'],
  EROFS: ['read_only', 'stores.csvReadOnly'],
  EISDIR: ['failed', 'stores.csvIsFolder'],
  ENOTDIR: ['failed', 'stores.csvInFile'],
};

/** Returns a file's error with a message that the user can act on; other errors unchanged. */
function unavailable(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const explanation = WORDS[String(error.code)];
  return explanation
    ? new StoreUnavailable(explanation[0], say(explanation[1], { file }), { cause: error })
    : error;
}
