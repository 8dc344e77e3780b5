import type { Checkpoint } from '../domain/checkpoint';
import { FINGERPRINT_BYTES, type FoundFile } from './found-file';

/** What matching needs to know about a found file; `FoundFile` of `follow.ts` is one. */
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
  fingerprint: Buffer;
};

/** A file to read, or (`retired`) only to remember. */
export type Assignment<File extends Candidate = FoundFile> = {
  file: File;
  /** The number of its record; `null` for a new file, to which the caller assigns one. */
  known: number | null;
  /** Where reading starts: an offset in uncompressed content. */
  from: number;
  /** The fingerprint to store: base64, longer than before while the file is short. */
  fingerprint: string;
  /** The file is no longer written to, so a last line without line break is complete. */
  final: boolean;
  /** Store its record as retired and do not read it: it existed before the first start and is not wanted. */
  retired: boolean;
};

export type Match<File extends Candidate = FoundFile> = {
  /** In the order in which the files were given, oldest first within a log. Files of retired records are left out. */
  assignments: Assignment<File>[];
  /** Numbers of records whose content is gone: to be stored as retired. */
  retired: number[];
  /** Files to check again next time: still empty, or a copy that is still being written. */
  waiting: File[];
  /** Files of retired records: read to their end, or not wanted. */
  done: { file: File; known: number }[];
};

export type MatchOptions = {
  /** False on the first look of a first start that is to skip existing content. Logs with records ignore it. */
  backfill: boolean;
  /** Logs with a file that could not be read now: none of their records is retired on this evidence. */
  incomplete?: ReadonlySet<string>;
  /**
   * An import: also reads on in what was read before or skipped, and knows content again that was read from another
   * log's file.
   */
  wholeHistory?: boolean;
};

const NEWLINE = 10;

/**
 * Matches found files with known ones. A file is identified by its fingerprint and its inode together: an inode alone
 * is reused, a name alone is rotated, a fingerprint alone is copied. Pure; all cases are in `file-identity.test.ts`.
 *
 * Within one log, each record is assigned to at most one file:
 * 1. the same device and inode, the known fingerprint begins the found one, nothing shrank → the same file, whatever
 *    its name (renamed, once or twice between two looks);
 * 2. of the rest, the known fingerprint (at least a whole line) begins the found one and nothing is missing → the same
 *    content elsewhere (copytruncate's copy, a gzip, another filesystem, changed device numbers);
 * 3. the others are new, read from 0. Except a neighbour that begins like a file just assigned: it is a copy in
 *    progress (copytruncate before truncating, gzip before the unlink) and waits; reading it as new would count its
 *    hits twice.
 *
 * A record whose inode now holds something else was truncated away, or its inode was reused: it is retired. Records
 * whose file is merely missing stay: it may be between two names, or unreadable for now.
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
  return options.wholeHistory ? withDone(withCopies(match, known), known) : withMoved(match, known);
}

/** Assigns also the files of retired records, from where their reading ended. */
function withDone<File extends Candidate>(
  match: Match<File>,
  known: readonly Checkpoint[],
): Match<File> {
  const again = match.done.map(({ file, known: number }) => ({
    file,
    known: number,
    from: known.find((record) => record.file === number)?.offset ?? 0,
    fingerprint: file.fingerprint.toString('base64'),
    final: file.compressed,
    retired: false,
  }));
  // Of the neighbours that are not named here, nothing is known: their records stay.
  return { ...match, assignments: [...match.assignments, ...again], done: [], retired: [] };
}

/**
 * Matches a new file of one log that is, at the same inode, the known file of another: its log changed with its name
 * (`access.log` became `access.1.log` and nothing else yet, a link was removed). Reading continues where it was.
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

/** Matches new files that hold what is known from another file, whichever. Several may match one record. */
function withCopies<File extends Candidate>(
  match: Match<File>,
  known: readonly Checkpoint[],
): Match<File> {
  const records = known.map(
    (record) => [record, Buffer.from(record.fingerprint, 'base64')] as const,
  );
  const assignments = match.assignments.map((one) => {
    if (one.known !== null) return one;
    let best: Checkpoint | undefined;
    for (const [record, fingerprint] of records) {
      if (!isSameContent(record, fingerprint, one.file)) continue;
      if (best === undefined || isBetter(record, best)) best = record;
    }
    return best === undefined
      ? one
      : { ...one, known: best.file, from: best.offset, retired: false };
  });
  return { ...match, assignments };
}

function isSameFile(record: Checkpoint, file: Candidate): boolean {
  if (record.log === file.log || !isAtItsPath(record, file)) return false;
  return isSameContent(record, Buffer.from(record.fingerprint, 'base64'), file);
}

function isSameContent(record: Checkpoint, fingerprint: Buffer, file: Candidate): boolean {
  return (
    isTelling(fingerprint, file.fingerprint) &&
    startsWith(file.fingerprint, fingerprint) &&
    (file.compressed || record.retired || file.size >= record.offset)
  );
}

function matchLog<File extends Candidate>(
  records: readonly Checkpoint[],
  files: readonly File[],
  skipExisting: boolean,
): Match<File> {
  const free = new Map(
    records.map((record) => [record, Buffer.from(record.fingerprint, 'base64')]),
  );
  const owner = new Map<File, Checkpoint>();
  const claim = (file: File, fits: (record: Checkpoint, fingerprint: Buffer) => boolean) => {
    let best: Checkpoint | null = null;
    for (const [record, fingerprint] of free) {
      if (!startsWith(file.fingerprint, fingerprint) || !fits(record, fingerprint)) continue;
      if (best === null || isBetter(record, best)) best = record;
    }
    if (best === null) return;
    owner.set(file, best);
    free.delete(best);
  };
  const whole = (file: File, record: Checkpoint) =>
    file.compressed || record.retired || file.size >= record.offset;
  // Plain files first: of a file and the gzip being made of it, the plain file is the complete one.
  const readable = files
    .filter(isAssignable)
    .sort((a, b) => Number(a.compressed) - Number(b.compressed));

  for (const file of readable) {
    claim(file, (record) => isAtItsPath(record, file) && whole(file, record));
  }
  for (const file of readable) {
    if (owner.has(file)) continue;
    claim(
      file,
      (record, fingerprint) => isTelling(fingerprint, file.fingerprint) && whole(file, record),
    );
  }

  const assigned = new Set(owner.keys());
  for (const file of readable) {
    if (assigned.has(file)) continue;
    const unfinished =
      !file.compressed && [...free.values()].some((fingerprint) => agree(file, fingerprint));
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
          fingerprint: file.fingerprint.toString('base64'),
          // nginx writes to the newest neighbour until it receives the signal to reopen its logs.
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
      .filter((record) => !record.retired && files.some((file) => isAtItsPath(record, file)))
      .map((record) => record.file),
  };
}

/** Returns whether it has a line to identify it. A rotated file may lack the last line break. */
function isAssignable({ fingerprint, rotated }: Candidate): boolean {
  return fingerprint.length > 0 && (rotated || isTelling(fingerprint, null));
}

/**
 * Returns whether a fingerprint is long enough to tell files apart: a whole line, or the maximum length, or exactly the
 * same short content.
 */
function isTelling(fingerprint: Buffer, same: Buffer | null): boolean {
  return (
    fingerprint.includes(NEWLINE) ||
    fingerprint.length >= FINGERPRINT_BYTES ||
    (same !== null && fingerprint.length > 0 && same.equals(fingerprint))
  );
}

function isAtItsPath(record: Checkpoint, file: Candidate): boolean {
  return record.device === file.device && record.inode === file.inode;
}

/**
 * Returns whether it is a copy in progress: a neighbour of the log's own file, or a gzip of a plain one, that begins
 * the same.
 */
function isCopyOf(file: Candidate, assigned: ReadonlySet<Candidate>): boolean {
  for (const original of assigned) {
    if (original.compressed || !(file.compressed || !original.rotated)) continue;
    if (agree(file, original.fingerprint)) return true;
  }
  return false;
}

/** Returns whether one fingerprint begins with the other, and they share at least a whole line. */
function agree({ fingerprint: a }: Candidate, b: Buffer): boolean {
  const shared = a.subarray(0, b.length);
  return isTelling(shared, null) && startsWith(b, shared);
}

function startsWith(fingerprint: Buffer, beginning: Buffer): boolean {
  return fingerprint.subarray(0, beginning.length).equals(beginning);
}

/** Prefers, of two records that match, the one still in use, then the longer fingerprint, then the newer one. */
function isBetter(a: Checkpoint, b: Checkpoint): boolean {
  if (a.retired !== b.retired) return b.retired;
  if (a.fingerprint.length !== b.fingerprint.length)
    return a.fingerprint.length > b.fingerprint.length;
  return a.file > b.file;
}
