import * as fs from 'node:fs';
import { createReadStream, createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { LogLimits } from '../domain/log-settings';
import { type Said, say } from '../domain/said';
import { mutex } from '../util/mutex';
import { DAY } from '../util/time';

export type LogFile = { name: string; path: string; startedAt: number; packed: boolean };

/** Default retention: 30 days or 256 MB, whichever is reached first. */
export const DEFAULT_LIMITS: LogLimits = {
  fileBytes: 16 * 1024 * 1024,
  totalBytes: 256 * 1024 * 1024,
  fileMs: DAY,
  keepMs: 30 * DAY,
};

const NAME = /^observatory-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.log(\.gz)?$/;

/**
 * Returns the log files of a folder, newest first; none if the folder does not exist. A file that was being packed when
 * the process died counts once.
 */
export function listLogFiles(folder: string): LogFile[] {
  const byStart = new Map<number, LogFile>();
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const match = NAME.exec(name);
    if (!match) continue;
    const [, y, mo, d, h, mi, s, ms, gz] = match;
    const startedAt = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}.${ms}Z`);
    const packed = gz !== undefined;
    // Packed files appear whole, by a rename: the unpacked one is a leftover to be deleted.
    if (!packed && byStart.has(startedAt)) continue;
    byStart.set(startedAt, { name, path: path.join(folder, name), startedAt, packed });
  }
  return [...byStart.values()].sort((a, b) => b.startedAt - a.startedAt);
}

/**
 * Writes lines into the files of a folder, each at once and whole, and keeps the folder within its limits. A file's
 * name never changes except for adding `.gz`, so that positions in it stay valid. Never throws: a log that cannot be
 * written must not stop the service; `said` says what is wrong, and how many lines were lost.
 */
export class LogFiles {
  /** A message for the user; `null` while lines are being written. */
  said: Said | null = null;
  private fd: number | undefined;
  private file: LogFile | undefined;
  private size = 0;
  private lost = 0;
  private readonly tidying = mutex();

  constructor(
    readonly folder: string,
    private readonly limits: LogLimits = DEFAULT_LIMITS,
    private readonly now: () => number = Date.now,
  ) {}

  /** Returns `said` in English. */
  get problem(): string | null {
    return this.said?.text ?? null;
  }

  /** Appends a line, including its newline. */
  write(line: string): void {
    try {
      const bytes = Buffer.from(line);
      const fd = this.ready(bytes.length);
      fs.writeSync(fd, bytes);
      this.size += bytes.length;
      if (this.lost > 0) {
        const note = `{"level":"WARNING","timestamp":"${new Date(this.now()).toISOString()}","logger":"log","module":"lib/log/log-files","function":"write","line":0,"message":"${this.lost} lines before this one could not be written"}\n`;
        this.lost = 0;
        this.size += fs.writeSync(fd, note);
      }
      this.said = null;
    } catch (error) {
      this.lost++;
      this.said = saying(error, this.folder, this.lost);
      this.letGo();
    }
  }

  /** Waits for files being packed, and closes. */
  async close(): Promise<void> {
    await this.tidying(() => this.letGo());
  }

  private ready(more: number): number {
    const { file, fd } = this;
    if (fd !== undefined && file) {
      const old = this.now() - file.startedAt > this.limits.fileMs;
      if (!old && (this.size === 0 || this.size + more <= this.limits.fileBytes)) return fd;
      this.letGo();
    }
    return this.open(file);
  }

  /** Continues the newest file while it may grow, else starts one that is newer than `before`. */
  private open(before: LogFile | undefined): number {
    fs.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const newest = listLogFiles(this.folder)[0];
    const now = Math.max(this.now(), (newest?.startedAt ?? 0) + 1);
    let file = newest;
    if (!file || file.packed || file === before || !this.mayGrow(file)) {
      const name = `observatory-${new Date(now).toISOString().replace(/[-:.]/g, '')}.log`;
      file = { name, path: path.join(this.folder, name), startedAt: now, packed: false };
    }
    const fd = fs.openSync(/* turbopackIgnore: true */ file.path, 'a', 0o600);
    this.fd = fd;
    this.file = file;
    this.size = fs.fstatSync(fd).size;
    // A line cut off by a kill or a full disk stays a line of its own.
    if (this.size > 0 && !endsLine(file.path, this.size)) this.size += fs.writeSync(fd, '\n');
    this.tidying(() => this.tidy()).catch(() => {});
    return fd;
  }

  private mayGrow({ path: file, startedAt }: LogFile): boolean {
    const { fileBytes, fileMs } = this.limits;
    return fs.statSync(file).size < fileBytes && this.now() - startedAt <= fileMs;
  }

  /** Packs closed files, and deletes what is too old or too large. */
  private async tidy(): Promise<void> {
    const current = this.file?.startedAt ?? 0;
    for (const name of fs.readdirSync(this.folder)) {
      if (name.endsWith('.log.gz.tmp')) fs.rmSync(path.join(this.folder, name), { force: true });
    }
    const closed = listLogFiles(this.folder).filter(({ startedAt }) => startedAt < current);
    for (const { path: file } of closed.filter(({ packed }) => !packed)) {
      await pipeline(
        createReadStream(file),
        createGzip(),
        createWriteStream(`${file}.gz.tmp`, { mode: 0o600 }),
      );
      fs.renameSync(`${file}.gz.tmp`, `${file}.gz`);
    }
    let total = this.limits.fileBytes;
    for (const { path: file, startedAt, packed } of closed) {
      const kept = packed ? file : `${file}.gz`;
      fs.rmSync(kept.slice(0, -'.gz'.length), { force: true });
      total += fs.statSync(kept).size;
      const old = this.now() - startedAt > this.limits.keepMs;
      if (old || total > this.limits.totalBytes) fs.rmSync(kept, { force: true });
    }
  }

  private letGo(): void {
    const { fd } = this;
    this.fd = undefined;
    if (fd !== undefined) fs.closeSync(fd);
  }
}

function endsLine(file: string, size: number): boolean {
  const last = Buffer.alloc(1);
  const fd = fs.openSync(file, 'r');
  try {
    fs.readSync(fd, last, 0, 1, size - 1);
  } finally {
    fs.closeSync(fd);
  }
  return last[0] === 0x0a;
}

function saying(error: unknown, folder: string, lost: number): Said {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const values = { folder, lines: { count: lost } };
  if (code === 'ENOSPC' || code === 'EDQUOT') return say('stores.logFull', values);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return say('stores.logMayNotWrite', values);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return say('stores.logFails', { ...values, reason });
}
