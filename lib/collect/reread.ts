import { eachLine, type FoundFile, readChunks, TOO_LONG } from '../access-log/follow';
import { learnFrom } from '../access-log/learn';
import { linesBefore } from '../access-log/log-sample';
import { type LineParser, NOT_AN_ACCESS } from '../access-log/parse';
import type { RejectedLine, RejectedRange } from '../domain/access';
import type { HitBatch } from '../rollup/hit-batch';
import type { Reread } from '../store/ports/ingest';
import { RejectedRun } from './rejected-run';

/** Where the results go. */
type Into = {
  hits: HitBatch;
  rejected: RejectedLine[];
  rejectedRanges: RejectedRange[];
  reread: Reread[];
};

/**
 * Reads `ranges` of a file again, sorted by offset. Yields after each chunk, when everything read from it is in
 * `into()` and may be committed. Throws the system's error, or `LogReadError`, as `readChunks` does.
 */
export async function* readAgain(
  file: FoundFile,
  ranges: readonly RejectedRange[],
  parser: LineParser,
  knowledge: string,
  into: () => Into,
  signal?: AbortSignal,
): AsyncGenerator<void> {
  const [first] = ranges;
  if (first === undefined) return;
  if (!file.compressed) parser.resume(await linesBefore(file.path, first.start).catch(() => []));
  let next = 0;
  /** The offset at which the current range continues. */
  let from = first.start;
  for await (const chunk of readChunks(file, first.start, { final: true, signal })) {
    learnFrom(chunk, parser);
    const { hits, rejected, rejectedRanges, reread } = into();
    const run = new RejectedRun(first.file, knowledge, rejectedRanges);
    let lines = 0;
    /** Closes the current range at its end, or for now at the chunk's. */
    const close = (end: number) => {
      if (end > from) reread.push({ file: first.file, start: from, end, lines });
      lines = 0;
      from = end;
    };
    const passRanges = (offset: number) => {
      for (let range = ranges[next]; range && range.end <= offset; range = ranges[next]) {
        run.end(range.end);
        close(range.end);
        from = ranges[++next]?.start ?? from;
      }
    };
    eachLine(chunk, (line, offset) => {
      passRanges(offset);
      const range = ranges[next];
      if (range === undefined || offset < range.start) return;
      lines++;
      const parsed = line === null ? TOO_LONG : parser.parse(line);
      if (typeof parsed === 'string') {
        run.rejected(offset);
        rejected.push({ position: { file: first.file, offset }, line: line ?? '', reason: parsed });
        return;
      }
      run.end(offset);
      if (parsed !== NOT_AN_ACCESS) hits.add(parsed, first.file, offset);
    });
    passRanges(chunk.nextOffset);
    const range = ranges[next];
    if (range !== undefined && range.start < chunk.nextOffset) {
      run.end(chunk.nextOffset);
      close(chunk.nextOffset);
    }
    yield;
    if (range === undefined) return;
  }
}
