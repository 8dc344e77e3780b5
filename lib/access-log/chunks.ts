import { isAscii } from 'node:buffer';
import { say } from '../domain/said';
import { FINGERPRINT_BYTES, type FoundFile, LogReadError } from './found-file';
import { type ByteSource, openRegular, plainSource } from './open-file';
import { unpackedSource } from './unpack';

/** Longer lines are not log lines: nginx's own limits are far lower. */
const LONGEST_LINE = 64 * 1024;
/** The reason why such a line is rejected. */
export const TOO_LONG = 'longer than 64 KiB';

const CHUNK = 1024 * 1024;
/** The buffer of the last reading: a log that grows is read each second, and a new megabyte each time is garbage. */
let spare: Buffer | null = null;
const NEWLINE = 10;

/**
 * How many bytes are made text at once: strings of this size are short-lived garbage to V8, while one of a megabyte is
 * memory outside its heap, which it collects at several times the cost.
 */
const TEXT_BYTES = 64 * 1024;

/** Whole lines, about a megabyte of them. */
export type Chunk = {
  /** Valid until the next chunk is read. */
  bytes: Buffer;
  ascii: boolean;
  /** Of the first byte, in uncompressed content. */
  offset: number;
  /** Of the byte after the last: where reading continues, and the new checkpoint. */
  nextOffset: number;
  /** A single line too long to hold: `bytes` is empty, the offsets are its true extent. */
  oversized: boolean;
};

export type ReadOptions = {
  /** Also read a last line without line break, since nothing will complete it. */
  final: boolean;
  /** Stops between two chunks; everything yielded is complete. */
  signal?: AbortSignal;
};

/**
 * Calls `onLine` for every line of a chunk with its byte offset, without `\n` or `\r\n`. Skips empty lines, and NULs
 * before a line, which a file has when it was truncated while being written. A line of more than 64 KiB is passed as
 * `null`: to be rejected with `TOO_LONG`.
 */
export function eachLine(
  chunk: Chunk,
  onLine: (line: string | null, offset: number) => void,
): void {
  const { bytes, ascii, offset, oversized } = chunk;
  if (oversized) {
    onLine(null, offset);
    return;
  }
  for (let from = 0; from < bytes.length; ) {
    const to = endOfText(bytes, from);
    eachLineOf(bytes.toString('latin1', from, to), ascii, offset + from, onLine);
    from = to;
  }
}

/** As much of a line's beginning as `isWanted` is given: some programs' lines are known by it. */
const BEGINNING_BYTES = 16;

/** Yields the first lines of a chunk as latin1, `most` at most, without those whose beginning is not wanted. */
export function* firstLines(
  { bytes }: Chunk,
  most: number,
  isWanted: (beginning: string) => boolean,
): Generator<string> {
  for (let i = 0, start = 0; i < most && start < bytes.length; i++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const beginning = bytes.toString('latin1', start, Math.min(end, start + BEGINNING_BYTES));
    if (isWanted(beginning)) yield bytes.toString('latin1', start, end);
    start = end + 1;
  }
}

/** Returns the end of the whole lines that are made text next: about `TEXT_BYTES`, or a single longer line. */
function endOfText(bytes: Buffer, from: number): number {
  const most = from + TEXT_BYTES;
  if (most >= bytes.length) return bytes.length;
  const last = bytes.lastIndexOf(NEWLINE, most - 1);
  if (last >= from) return last + 1;
  const next = bytes.indexOf(NEWLINE, most);
  return next < 0 ? bytes.length : next + 1;
}

/** `text` has one character per byte (latin1), so an index into it is a byte offset. */
function eachLineOf(
  text: string,
  ascii: boolean,
  offset: number,
  onLine: (line: string | null, offset: number) => void,
): void {
  for (let start = 0; start < text.length; ) {
    while (text.charCodeAt(start) === 0) start++;
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline + 1;
    let end = newline < 0 ? text.length : newline;
    if (end > start && text.charCodeAt(end - 1) === 13) end--;
    if (end - start > LONGEST_LINE) onLine(null, offset + start);
    else if (end > start) {
      const line = text.substring(start, end);
      onLine(ascii ? line : decoded(line), offset + start);
    }
    start = next;
  }
}

function decoded(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1;
}

/**
 * Reads a file from `fromOffset` on, in whole lines; a line still being written is left for the next time. Memory is
 * limited to a chunk, whatever the file holds. Ends without an error or more lines when the path holds another file
 * than `found` by now or the file was truncated in between: the next look resolves that. Throws the system's error when
 * it cannot be opened, and `LogReadError` after the last whole line when a compressed file is damaged (`NOT_GZIP`) or
 * incomplete (`TRUNCATED`).
 */
export async function* readChunks(
  found: FoundFile,
  fromOffset: number,
  options: ReadOptions,
): AsyncGenerator<Chunk> {
  const handle = await openRegular(found.path, found);
  if (handle === null) return;
  try {
    const from = Math.max(fromOffset, found.nuls);
    if (found.compressed) {
      const source = unpackedSource(handle, found, from);
      try {
        yield* wholeLines(source, from, options);
      } catch (error) {
        throw gzipError(found.path, error);
      } finally {
        source.close();
      }
      return;
    }
    const fingerprint = Buffer.alloc(FINGERPRINT_BYTES);
    const { bytesRead } = await handle.read(fingerprint, 0, found.fingerprint.length, found.nuls);
    const { size } = await handle.stat();
    if (size < fromOffset || !fingerprint.subarray(0, bytesRead).equals(found.fingerprint)) return;
    yield* wholeLines(plainSource(handle, from), from, options);
  } finally {
    await handle.close();
  }
}

async function* wholeLines(
  source: ByteSource,
  fromOffset: number,
  { final, signal }: ReadOptions,
): AsyncGenerator<Chunk> {
  let buffer = spare ?? Buffer.allocUnsafe(CHUNK);
  spare = null;
  let other: Buffer | null = null;
  /** The next read, which goes on while the lines of a chunk are parsed. */
  let ahead: Promise<number> | null = null;
  let offset = fromOffset;
  let filled = 0;
  let failure: unknown = null;
  try {
    for (let atEnd = false; !atEnd && !signal?.aborted; ) {
      try {
        const count = await (ahead ?? source.read(buffer, filled));
        ahead = null;
        filled += count;
        atEnd = count === 0;
      } catch (error) {
        failure = error;
        atEnd = true;
      }
      if (filled < CHUNK && !atEnd) continue;
      let end = filled === 0 ? 0 : buffer.lastIndexOf(NEWLINE, filled - 1) + 1;
      if (end === 0 && filled === CHUNK && buffer[0] === 0) {
        const nuls = buffer.findIndex((byte) => byte !== 0);
        const kept = nuls < 0 ? 0 : filled - nuls;
        buffer.copyWithin(0, filled - kept, filled);
        offset += filled - kept;
        filled = kept;
        continue;
      }
      if (end === 0 && filled === CHUNK) {
        const { length, leftOver } = await passLine(source, buffer);
        const nextOffset = offset + length;
        yield { bytes: buffer.subarray(0, 0), ascii: true, offset, nextOffset, oversized: true };
        offset = nextOffset;
        filled = leftOver;
        continue;
      }
      if (atEnd && final && failure === null) end = filled;
      if (end === 0) continue;
      const bytes = buffer.subarray(0, end);
      const nextOffset = offset + end;
      const chunk = { bytes, ascii: isAscii(bytes), offset, nextOffset };
      if (!atEnd) {
        other ??= Buffer.allocUnsafe(CHUNK);
        buffer.copy(other, 0, end, filled);
        [buffer, other] = [other, buffer];
        filled -= end;
        ahead = source.read(buffer, filled);
        // Its error is thrown where it is awaited.
        ahead.catch(() => {});
      }
      yield { ...chunk, oversized: false };
      offset = nextOffset;
    }
  } finally {
    // The caller closes the source.
    await ahead?.catch(() => {});
    spare = buffer;
  }
  if (failure !== null) throw failure;
}

/**
 * Skips the rest of a line that fills the whole buffer. Returns the line's length with its break; what was read of the
 * following lines is moved to the buffer's start. A line that long is skipped even when it has not ended yet, so each
 * byte of a file that is not a log is read only once.
 */
async function passLine(
  source: ByteSource,
  buffer: Buffer,
): Promise<{ length: number; leftOver: number }> {
  let length = buffer.length;
  for (;;) {
    const count = await source.read(buffer, 0);
    const newline = buffer.subarray(0, count).indexOf(NEWLINE);
    if (newline >= 0) {
      buffer.copyWithin(0, newline + 1, count);
      return { length: length + newline + 1, leftOver: count - newline - 1 };
    }
    length += count;
    if (count === 0) return { length, leftOver: 0 };
  }
}

function gzipError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'Z_BUF_ERROR') {
    return new LogReadError(path, 'TRUNCATED', say('doctor.fileCutOff', { path }), {
      cause: error,
    });
  }
  if (error.code !== 'Z_DATA_ERROR') return error;
  const said = say('doctor.fileNotGzip', { path, reason: error.message });
  return new LogReadError(path, 'NOT_GZIP', said, { cause: error });
}
