import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FileProblem } from '../domain/ingest-state';
import { findLogs, type LogName } from './find-logs';
import { type FoundFile, HEAD_BYTES } from './found-file';
import { gzipSource, openRegular, plainSource } from './open-file';
import { problemOf } from './problems';
import { oldestFirst } from './rotation';

/** The files seen at the last look, by path: an unchanged file costs a `stat`. Keep one between calls of `discover`. */
export class HeadCache extends Map<string, FoundFile> {}

export type Discovery = { found: FoundFile[]; problems: FileProblem[] };

/**
 * Looks at the logs that `pattern` (a path, or a glob with `*` and `?`) names and at their rotated neighbours, oldest
 * first within a log. What cannot be read is a problem, worded for people, never an exception; the rest is found all
 * the same. Symbolic links are followed; folders, fifos and devices are refused, and nothing here ever waits for one.
 */
export async function discover(pattern: string, cache: HeadCache): Promise<Discovery> {
  const { names, problems } = await findLogs(pattern);
  const looked: { file: FoundFile; stamp: string }[] = [];
  for (const name of names) {
    const outcome = await look(name, cache);
    if (outcome === null) continue;
    if ('code' in outcome) problems.push(outcome);
    else looked.push({ file: outcome, stamp: name.stamp });
  }
  if (names.length === 0 && problems.length === 0) {
    const message = `nothing matches ${pattern} yet; files are read as soon as they appear`;
    problems.push({ path: pattern, log: pattern, code: 'ENOENT', message });
  }
  const found: FoundFile[] = [];
  for (const log of new Set(looked.map(({ file }) => file.log))) {
    const files = looked.filter(({ file }) => file.log === log);
    const order = oldestFirst(files.map(({ file, stamp }) => ({ ...file, stamp })));
    for (const index of order) {
      const file = files[index]?.file;
      if (file !== undefined) found.push(file);
    }
  }
  cache.clear();
  for (const file of found) cache.set(file.path, file);
  return { found, problems };
}

/** `null`: of no interest (a folder that a glob matches, a neighbour that is gone again). */
async function look(name: LogName, cache: HeadCache): Promise<FoundFile | FileProblem | null> {
  const { path, log, rotated, packing } = name;
  try {
    const stats = await stat(path);
    if (!stats.isFile())
      return name.asked && !rotated ? refusal(name, stats) : skipped(name, stats);
    if (packing !== '' && packing !== '.gz') {
      const message = `${path} is compressed in a way that is not supported; only gzip is (gzip -k it to have it read)`;
      return { path, log, code: 'UNSUPPORTED', message };
    }
    const file: FoundFile = {
      path,
      log,
      device: stats.dev,
      inode: stats.ino,
      size: stats.size,
      modified: stats.mtimeMs,
      compressed: packing === '.gz',
      rotated,
      head: Buffer.alloc(0),
    };
    const before = cache.get(path);
    if (before !== undefined && isUnchanged(before, file)) return before;
    const head = await readHead(file);
    return head === null ? null : { ...file, head };
  } catch (error) {
    const problem = problemOf(path, log, error);
    return rotated && problem.code === 'ENOENT' ? null : problem;
  }
}

function refusal({ path, log }: LogName, stats: Stats): FileProblem {
  if (stats.isDirectory()) {
    const message = `${path} is a folder; name a file in it, or a pattern like ${path}/*.log`;
    return { path, log, code: 'EISDIR', message };
  }
  const kind = stats.isFIFO() ? 'a fifo' : stats.isSocket() ? 'a socket' : 'a device';
  const message = `${path} is ${kind}, not a file: it has no past to go on from. In nginx's container image the log is a link to /dev/stdout; mount a folder over /var/log/nginx to have a file`;
  return { path, log, code: 'NOT_A_FILE', message };
}

/** What a glob meets by the way: folders are none of its business, the rest is said. */
function skipped(name: LogName, stats: Stats): FileProblem | null {
  return stats.isDirectory() ? null : refusal(name, stats);
}

function isUnchanged(before: FoundFile, now: FoundFile): boolean {
  return (
    before.device === now.device &&
    before.inode === now.inode &&
    before.size === now.size &&
    before.modified === now.modified &&
    (before.head.length > 0 || now.size === 0)
  );
}

/**
 * The first bytes of the content. Read again whenever the file changed at all: one that was cut and has outgrown its
 * former size since the last look differs in nothing else. `null` when the path holds another file by now.
 */
async function readHead(file: FoundFile): Promise<Buffer | null> {
  const handle = await openRegular(file.path, file);
  if (handle === null) return null;
  const gzip = file.compressed ? gzipSource(handle, 0) : null;
  const source = gzip ?? plainSource(handle, 0);
  const head = Buffer.alloc(HEAD_BYTES);
  let filled = 0;
  try {
    while (filled < HEAD_BYTES) {
      const count = await source.read(head, filled);
      if (count === 0) break;
      filled += count;
    }
  } catch (error) {
    // A gzip still being written has a beginning; one without any is no gzip.
    if (filled === 0) throw error;
  } finally {
    gzip?.close();
    await handle.close();
  }
  return head.subarray(0, filled);
}
