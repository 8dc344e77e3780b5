import type { Checkpoint } from '../domain/checkpoint';
import type { FoundFile } from './found-file';

/** What matching needs to know of a file that was found; `FoundFile` of `follow.ts` is one. */
export type Candidate = {
  path: string;
  log: string;
  device: number;
  inode: number;
  /** Bytes on disk. */
  size: number;
  compressed: boolean;
  rotated: boolean;
  /** The first bytes of the (uncompressed) content, at most 1,024. */
  head: Buffer;
};

/** A file to read, or (`retired`) only to remember. */
export type Assignment<File extends Candidate = FoundFile> = {
  file: File;
  /** The number of its record; `null` for a new file, for which the caller takes one. */
  known: number | null;
  /** Where reading starts: bytes of uncompressed content. */
  from: number;
  /** To be stored: base64, longer than before while the file is short. */
  head: string;
  /** Nobody writes to it any more: a last line without line break is whole. */
  final: boolean;
  /** Store its record as retired and do not read it: it was there before the first start and is not wanted. */
  retired: boolean;
};

export type Match<File extends Candidate = FoundFile> = {
  /** In the order the files were given in, oldest first within a log. Files of retired records are left out. */
  assignments: Assignment<File>[];
  /** Numbers of records whose bytes are gone: to be stored as retired. */
  retired: number[];
  /** Files to look at again next time: still empty, or a copy that is still being written. */
  waiting: File[];
  /** Files of retired records: read to their end, or not wanted. */
  done: { file: File; known: number }[];
};

export type MatchOptions = {
  /** False on the very first look of a first start that is to leave the past alone. Logs with records ignore it. */
  backfill: boolean;
  /** Logs of which some file could not be looked at now: none of their records is retired on this evidence. */
  incomplete?: ReadonlySet<string>;
};

const HEAD_BYTES = 1024;
const NEWLINE = 10;

/**
 * Decides which found file is which known one. A file is its beginning plus where it is: an inode alone is reused, a
 * name alone is rotated, a beginning alone is copied. Pure; all the cases are in `file-identity.test.ts`.
 *
 * Within one log, each record goes to at most one file:
 * 1. the same device and inode, the known head starts the found head, nothing shrank → the same file, wherever it is
 *    now (renaming, once or twice between two looks);
 * 2. of the rest, the known head (a whole line at least) starts the found head and nothing is missing → the same
 *    content elsewhere (copytruncate's copy, a gzip, another filesystem, changed device numbers);
 * 3. what remains is new, read from 0. Except a neighbour that begins like a file just assigned: it is its copy in
 *    the making (copytruncate before the cut, gzip before the unlink) and waits; taking it as new would count its hits
 *    twice.
 *
 * A record whose inode now holds something else was truncated away, or its inode was reused: it is retired. Records
 * whose file is merely not there stay: it may be between two names, or unreadable for now.
 */
export function matchFiles<File extends Candidate>(
  found: readonly File[],
  known: readonly Checkpoint[],
  options: MatchOptions,
): Match<File> {
  const match: Match<File> = { assignments: [], retired: [], waiting: [], done: [] };
  for (const log of new Set(found.map((file) => file.log))) {
    const records = known.filter((record) => record.log === log);
    const files = found.filter((file) => file.log === log);
    const one = matchLog(records, files, !options.backfill && records.length === 0);
    match.assignments.push(...one.assignments);
    match.waiting.push(...one.waiting);
    match.done.push(...one.done);
    const copyComing = one.waiting.some((file) => file.rotated);
    if (!copyComing && !options.incomplete?.has(log)) match.retired.push(...one.retired);
  }
  return withMoved(match, known);
}

/**
 * A new file of one log that is, in place, the known file of another: its name changed which log it belongs to
 * (`access.log` became `access.1.log` and nothing else yet, a link went). It is read on from where it was.
 */
function withMoved<File extends Candidate>(
  match: Match<File>,
  known: readonly Checkpoint[],
): Match<File> {
  const taken = new Set(match.assignments.map((one) => one.known));
  const assignments: Assignment<File>[] = [];
  for (const one of match.assignments) {
    const record =
      one.known === null
        ? known.find((other) => !taken.has(other.file) && isSameFile(other, one.file))
        : undefined;
    if (record === undefined) assignments.push(one);
    else {
      taken.add(record.file);
      if (!record.retired) {
        assignments.push({ ...one, known: record.file, from: record.offset, retired: false });
      }
    }
  }
  const retired = match.retired.filter((file) => !taken.has(file));
  return { ...match, assignments, retired };
}

function isSameFile(record: Checkpoint, file: Candidate): boolean {
  const head = Buffer.from(record.head, 'base64');
  return (
    record.log !== file.log &&
    isInPlace(record, file) &&
    isTelling(head, file.head) &&
    startsWith(file.head, head) &&
    (file.compressed || record.retired || file.size >= record.offset)
  );
}

function matchLog<File extends Candidate>(
  records: readonly Checkpoint[],
  files: readonly File[],
  skipExisting: boolean,
): Match<File> {
  const free = new Map(records.map((record) => [record, Buffer.from(record.head, 'base64')]));
  const owner = new Map<File, Checkpoint>();
  const claim = (file: File, fits: (record: Checkpoint, head: Buffer) => boolean) => {
    let best: Checkpoint | null = null;
    for (const [record, head] of free) {
      if (!startsWith(file.head, head) || !fits(record, head)) continue;
      if (best === null || isBetter(record, best)) best = record;
    }
    if (best === null) return;
    owner.set(file, best);
    free.delete(best);
  };
  const whole = (file: File, record: Checkpoint) =>
    file.compressed || record.retired || file.size >= record.offset;
  // Plain files first: of a file and the gzip being made of it, the file is the complete one.
  const readable = files
    .filter(isAssignable)
    .sort((a, b) => Number(a.compressed) - Number(b.compressed));

  for (const file of readable) {
    claim(file, (record) => isInPlace(record, file) && whole(file, record));
  }
  for (const file of readable) {
    if (owner.has(file)) continue;
    claim(file, (record, head) => isTelling(head, file.head) && whole(file, record));
  }

  const assigned = new Set(owner.keys());
  for (const file of readable) {
    if (assigned.has(file)) continue;
    const unfinished = !file.compressed && [...free.values()].some((head) => agree(file, head));
    if (file.rotated && (unfinished || isCopyOf(file, assigned))) continue;
    assigned.add(file);
  }
  const newest = files.filter((file) => file.rotated).at(-1);
  return {
    assignments: files
      .filter((file) => assigned.has(file) && owner.get(file)?.retired !== true)
      .map((file) => {
        const record = owner.get(file);
        const skipped = record === undefined && skipExisting;
        return {
          file,
          known: record?.file ?? null,
          from: record?.offset ?? (skipped && !file.rotated ? file.size : 0),
          head: file.head.toString('base64'),
          // nginx writes to the newest neighbour until it is told to reopen its logs.
          final: file.compressed || (file.rotated && file !== newest),
          retired: skipped && file.rotated,
        };
      }),
    waiting: files.filter((file) => !assigned.has(file)),
    done: files.flatMap((file) => {
      const record = owner.get(file);
      return record?.retired ? [{ file, known: record.file }] : [];
    }),
    retired: [...free.keys()]
      .filter((record) => !record.retired && files.some((file) => isInPlace(record, file)))
      .map((record) => record.file),
  };
}

/** There is a line to know it by. What is over and done with may lack the last line break. */
function isAssignable({ head, rotated }: Candidate): boolean {
  return head.length > 0 && (rotated || isTelling(head, null));
}

/** A head long enough to tell files apart: a whole line, or all that is kept, or the very same short content. */
function isTelling(head: Buffer, same: Buffer | null): boolean {
  return (
    head.includes(NEWLINE) ||
    head.length >= HEAD_BYTES ||
    (same !== null && head.length > 0 && same.equals(head))
  );
}

function isInPlace(record: Checkpoint, file: Candidate): boolean {
  return record.device === file.device && record.inode === file.inode;
}

/** A copy in the making: a neighbour of the log's own file, or a gzip of a plain one, that begins the same. */
function isCopyOf(file: Candidate, assigned: ReadonlySet<Candidate>): boolean {
  for (const original of assigned) {
    if (original.compressed || !(file.compressed || !original.rotated)) continue;
    if (agree(file, original.head)) return true;
  }
  return false;
}

/** One head starts the other, and what they share is a whole line at least. */
function agree({ head: a }: Candidate, b: Buffer): boolean {
  const shared = a.subarray(0, b.length);
  return isTelling(shared, null) && startsWith(b, shared);
}

function startsWith(head: Buffer, beginning: Buffer): boolean {
  return head.subarray(0, beginning.length).equals(beginning);
}

/** Of two records that fit, the one still in use, then the more telling head, then the newer one. */
function isBetter(a: Checkpoint, b: Checkpoint): boolean {
  if (a.retired !== b.retired) return b.retired;
  if (a.head.length !== b.head.length) return a.head.length > b.head.length;
  return a.file > b.file;
}
