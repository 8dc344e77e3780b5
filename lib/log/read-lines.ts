import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { LogFile } from './log-files';
import type { LineMatcher, LogEntry } from './match';

/** The lines of a file that are read: those that begin between two offsets, both excluded. */
export type Bounds = { after: number; before: number };

/** The matching lines of one piece of a file. */
export type Piece = {
  /** How much was read for it, unpacked. */
  bytes: number;
  entries: LogEntry[];
  /** Where what has not been read yet ends, for a file read backwards. */
  rest: number;
};

const CHUNK = 256 * 1024;
/** Longer lines are truncated, to limit memory. */
const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 10;
const NOTHING: Buffer = Buffer.alloc(0);

/** Reads a plain file from its end; each piece has its newest line first. */
export async function* backwards(
  file: LogFile,
  matcher: LineMatcher,
  { after, before }: Bounds,
): AsyncGenerator<Piece> {
  const handle = await open(/* turbopackIgnore: true */ file.path);
  try {
    const { size } = await handle.stat();
    let end = Math.min(before, size);
    let rest = NOTHING;
    while (end > 0) {
      const start = Math.max(0, end - CHUNK);
      const bytes = Buffer.alloc(end - start);
      await handle.read(bytes, 0, bytes.length, start);
      const text = rest.length > 0 ? Buffer.concat([bytes, rest]) : bytes;
      // The first line may begin before this piece.
      const whole = start === 0 ? 0 : text.indexOf(NEWLINE) + 1 || text.length;
      const entries: LogEntry[] = [];
      let lineEnd = text.length;
      while (lineEnd > whole) {
        const lineStart = lineEnd < 2 ? 0 : text.lastIndexOf(NEWLINE, lineEnd - 2) + 1;
        if (start + lineStart <= after) break;
        const entry = matcher.match(file.startedAt, start, text, lineStart, lineEnd);
        if (entry) entries.push(entry);
        lineEnd = lineStart;
      }
      rest = text.subarray(0, Math.min(whole, LONGEST_LINE));
      end = start;
      yield { bytes: bytes.length, entries, rest: start + whole };
      if (lineEnd > whole) return;
    }
  } finally {
    await handle.close();
  }
}

/** Reads a file from its beginning, as packed ones have to be; each piece has its oldest line first. */
export async function* forwards(
  file: LogFile,
  matcher: LineMatcher,
  { after, before }: Bounds,
): AsyncGenerator<Piece> {
  let offset = 0;
  let rest = NOTHING;
  const matchOf = (text: Buffer, start: number, end: number): LogEntry | null => {
    const at = offset + start;
    if (at <= after || at >= before) return null;
    return matcher.match(file.startedAt, offset, text, start, end);
  };
  for await (const bytes of bytesOf(file)) {
    const text = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    const entries: LogEntry[] = [];
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      const entry = matchOf(text, start, end + 1);
      if (entry) entries.push(entry);
      start = end + 1;
    }
    rest = text.subarray(start);
    offset += start;
    if (rest.length > LONGEST_LINE) {
      offset += rest.length;
      rest = NOTHING;
    }
    yield { bytes: bytes.length, entries, rest: 0 };
    if (offset >= before) return;
  }
  const last = rest.length > 0 && matchOf(rest, 0, rest.length);
  if (last) yield { bytes: 0, entries: [last], rest: 0 };
}

async function* bytesOf({ path, packed }: LogFile): AsyncGenerator<Buffer> {
  const file = createReadStream(/* turbopackIgnore: true */ path, { highWaterMark: CHUNK });
  const unpacked = packed ? file.pipe(createGunzip({ chunkSize: CHUNK })) : file;
  // A pipe passes no errors on.
  file.on('error', (error) => unpacked.destroy(error));
  try {
    yield* unpacked as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
    unpacked.destroy();
  }
}
