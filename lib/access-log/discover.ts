import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FileProblem } from '../domain/ingest-state';
import { say } from '../domain/said';
import { findLogs, findNamed, type LogName } from './find-logs';
import { FINGERPRINT_BYTES, type FoundFile } from './found-file';
import { type ByteSource, openRegular, plainSource } from './open-file';
import { patternsOf } from './patterns';
import { problemOf, problemSaying } from './problems';
import { oldestFirst } from './rotation';
import { unpackedSource } from './unpack';

/** The files seen at the last look, by path: an unchanged file costs a `stat`. Keep one between calls of `discover`. */
export class FingerprintCache extends Map<string, FoundFile> {}

export type Discovery = { found: FoundFile[]; problems: FileProblem[] };

type Looked = { file: FoundFile; name: LogName };

/**
 * Finds the logs that `setting` names (a path, or a glob with `*` and `?`, or several) and their rotated neighbours,
 * oldest first within a log. A file with several names, by links or by several globs, is listed once. What cannot be
 * read is a problem with a readable message, never an exception; the rest is still found. Symbolic links are followed;
 * folders, fifos and devices are refused, and nothing here ever blocks on one.
 */
export async function discover(setting: string, cache: FingerprintCache): Promise<Discovery> {
  const names = new Map<string, LogName>();
  const problems: FileProblem[] = [];
  for (const pattern of await patternsOf(setting)) {
    const matched = await findLogs(pattern);
    problems.push(...matched.problems);
    for (const name of matched.names) if (!names.has(name.path)) names.set(name.path, name);
    if (matched.names.length === 0 && matched.problems.length === 0) {
      const said = say('doctor.filesNoneYet', { pattern });
      problems.push(problemSaying(pattern, pattern, 'ENOENT', said));
    }
  }
  return lookAt([...names.values()], problems, cache);
}

/** Finds exactly the files that `patterns` (paths and globs) name, as `discover` does; no others beside them. */
export async function discoverNamed(
  patterns: readonly string[],
  cache: FingerprintCache,
): Promise<Discovery> {
  const names = new Map<string, LogName>();
  const problems: FileProblem[] = [];
  for (const pattern of patterns) {
    const matched = await findNamed(pattern);
    problems.push(...matched.problems);
    for (const name of matched.names) names.set(name.path, name);
    if (matched.names.length === 0 && matched.problems.length === 0) {
      const said = say('doctor.filesNone', { pattern });
      problems.push(problemSaying(pattern, pattern, 'ENOENT', said));
    }
  }
  return lookAt([...names.values()], problems, cache);
}

async function lookAt(
  names: readonly LogName[],
  problems: FileProblem[],
  cache: FingerprintCache,
): Promise<Discovery> {
  const all: Looked[] = [];
  for (const name of names) {
    const outcome = await look(name, cache);
    if (outcome === null) continue;
    if ('code' in outcome) problems.push(outcome);
    else all.push({ file: outcome, name });
  }
  const looked = onceEach(all);
  const logFiles: FoundFile[] = [];
  for (const log of new Set(looked.map(({ file }) => file.log))) {
    const files = looked.filter(({ file }) => file.log === log);
    const order = oldestFirst(files.map(({ file, name }) => ({ ...file, stamp: name.stamp })));
    for (const index of order) {
      const file = files[index]?.file;
      if (file !== undefined) logFiles.push(file);
    }
  }
  cache.clear();
  for (const file of logFiles) cache.set(file.path, file);
  return { found: logFiles, problems };
}

/** Returns each file under one of its names: a log's own before a rotated one, the file's before a link's. */
function onceEach(looked: readonly Looked[]): Looked[] {
  const byInode = new Map<string, Looked>();
  for (const one of looked) {
    const key = `${one.file.device}:${one.file.inode}`;
    const other = byInode.get(key);
    if (other === undefined || isBetter(one.name, other.name)) byInode.set(key, one);
  }
  const kept = new Set(byInode.values());
  return looked.filter((one) => kept.has(one));
}

function isBetter(a: LogName, b: LogName): boolean {
  if (a.rotated !== b.rotated) return !a.rotated;
  if (a.link !== b.link) return !a.link;
  return a.path < b.path;
}

/** Returns `null` for what is irrelevant (a folder that a glob matches, a neighbour that has gone). */
async function look(
  name: LogName,
  cache: FingerprintCache,
): Promise<FoundFile | FileProblem | null> {
  const { path, log, rotated, packing } = name;
  try {
    const stats = await stat(path);
    if (!stats.isFile())
      return name.asked && !rotated ? refusal(name, stats) : skipped(name, stats);
    const file: FoundFile = {
      path,
      log,
      device: stats.dev,
      inode: stats.ino,
      size: stats.size,
      modified: stats.mtimeMs,
      compressed: packing !== '',
      packing,
      rotated,
      nuls: 0,
      fingerprint: Buffer.alloc(0),
    };
    const before = cache.get(path);
    if (before !== undefined && isUnchanged(before, file)) return before;
    const beginning = await readBeginning(file, before);
    return beginning === null ? null : { ...file, ...beginning };
  } catch (error) {
    const problem = problemOf(path, log, error);
    return rotated && problem.code === 'ENOENT' ? null : problem;
  }
}

function refusal({ path, log }: LogName, stats: Stats): FileProblem {
  if (stats.isDirectory()) {
    return problemSaying(path, log, 'EISDIR', say('doctor.fileIsFolder', { path }));
  }
  const kind = stats.isFIFO() ? 'fifo' : stats.isSocket() ? 'socket' : 'device';
  return problemSaying(path, log, 'NOT_A_FILE', say('doctor.fileIsNone', { path, kind }));
}

/** Returns the problem of a skipped match: folders that a glob matches are ignored, anything else is reported. */
function skipped(name: LogName, stats: Stats): FileProblem | null {
  return stats.isDirectory() ? null : refusal(name, stats);
}

function isUnchanged(before: FoundFile, now: FoundFile): boolean {
  return (
    before.device === now.device &&
    before.inode === now.inode &&
    before.size === now.size &&
    before.modified === now.modified &&
    (before.fingerprint.length > 0 || now.size === 0)
  );
}

type Beginning = Pick<FoundFile, 'fingerprint' | 'nuls'>;

/** NULs are skipped this many bytes at a time. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Reads the first bytes of the content after its NULs. Reads them again whenever the file changed at all: a file that
 * was truncated and has outgrown its former size since the last look differs in nothing else. Returns `null` when the
 * path holds another file by now.
 */
async function readBeginning(
  file: FoundFile,
  before: FoundFile | undefined,
): Promise<Beginning | null> {
  const handle = await openRegular(file.path, file);
  if (handle === null) return null;
  let packed: ReturnType<typeof unpackedSource> | null = null;
  try {
    if (file.compressed) {
      packed = unpackedSource(handle, file, 0);
      return await beginningOf(packed, 0);
    }
    const first = await beginningOf(plainSource(handle, 0), 0, CHUNK_BYTES);
    if (first.fingerprint.length > 0 || first.nuls === 0) return first;
    // NULs that were skipped at the last look need not be read again.
    const from = before?.inode === file.inode && before.size <= file.size ? before.nuls : 0;
    return await beginningOf(plainSource(handle, from), from);
  } finally {
    packed?.close();
    await handle.close();
  }
}

/** Reads a source that begins `from` bytes into the content; gives up after `most` bytes of NULs. */
async function beginningOf(
  source: ByteSource,
  from: number,
  most = Number.POSITIVE_INFINITY,
): Promise<Beginning> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let nuls = from;
  let filled = 0;
  try {
    while (filled < FINGERPRINT_BYTES && nuls - from < most) {
      const count = await source.read(buffer, filled);
      if (count === 0) break;
      filled += count;
      const text = nulsAt(buffer, filled);
      nuls += text;
      buffer.copyWithin(0, text, filled);
      filled -= text;
    }
  } catch (error) {
    // A compressed file that is still being written has a beginning; one without any is unreadable.
    if (filled === 0) throw error;
  }
  return {
    fingerprint: Buffer.from(buffer.subarray(0, Math.min(filled, FINGERPRINT_BYTES))),
    nuls,
  };
}

/** Returns how many NULs the first `length` bytes begin with. */
function nulsAt(buffer: Buffer, length: number): number {
  if (buffer[0] !== 0) return 0;
  let at = 0;
  while (at < length && buffer[at] === 0) at++;
  return at;
}
