import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { FileProblem } from '../domain/ingest-state';
import { problemOf } from './problems';
import { packingOf, type RotatedName, rotatedName } from './rotation';

/** A candidate name: a log's own file or one of its neighbours. */
export type LogName = {
  path: string;
  log: string;
  rotated: boolean;
  /** What rotation appended, without `.gz`; empty for the log's own file. */
  stamp: string;
  /** `.gz`, `.xz`, … or empty. */
  packing: string;
  /** Named by the user, rather than found by matching. */
  asked: boolean;
  /** A symbolic link. */
  link: boolean;
};

/** What editors, packers and people leave beside a log: a wildcard does not mean it unless it says so. */
const LEFTOVER = /(?:~|\.(?:bak|tmp|swp|part|lock|orig))$/;

/** Returns whether a path is a pattern: `*` matches any characters and `?` one character, never `/`. */
function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/** Returns what a pattern matches: one name, or one path. */
export function matcher(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  // As in a shell, a leading dot must be matched explicitly.
  return new RegExp(`^${pattern.startsWith('.') ? '' : '(?!\\.)'}${source}$`, 's');
}

async function list(folder: string, log: string, problems: FileProblem[]): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    problems.push(problemOf(folder, log, error));
    return [];
  }
}

/** Returns the folders that `pattern` (absolute) names. Only names with a wildcard are searched for. */
async function foldersOf(pattern: string, log: string, problems: FileProblem[]): Promise<string[]> {
  if (!isPattern(pattern)) return [pattern];
  const parents = await foldersOf(dirname(pattern), log, problems);
  const name = basename(pattern);
  if (!isPattern(name)) return parents.map((parent) => join(parent, name));
  const matches = matcher(name);
  const folders: string[] = [];
  for (const parent of parents) {
    for (const entry of await list(parent, log, problems)) {
      const folder = entry.isDirectory() || entry.isSymbolicLink();
      if (folder && matches.test(entry.name)) folders.push(join(parent, entry.name));
    }
  }
  return folders.sort();
}

/**
 * Finds the logs that `pattern`, a path or a glob, names, with their rotated neighbours. A glob that also matches
 * rotated names (`access.log*`) names the logs these belong to: `access.log.1` is never a log of its own, unless a path
 * without wildcard requests exactly that.
 */
export async function findLogs(
  pattern: string,
): Promise<{ names: LogName[]; problems: FileProblem[] }> {
  const problems: FileProblem[] = [];
  const full = resolve(pattern);
  const asked = basename(full);
  const names = new Map<string, LogName>();
  const wild = isPattern(asked) ? matcher(asked) : null;
  for (const folder of await foldersOf(dirname(full), full, problems)) {
    const listed = await list(folder, wild ? full : join(folder, asked), problems);
    const entries =
      wild === null || LEFTOVER.test(asked)
        ? listed
        : listed.filter(({ name }) => !LEFTOVER.test(name));
    const bases = new Set<string>(wild ? [] : [asked]);
    const all = new Set(entries.map(({ name }) => name));
    for (const { name } of wild ? entries : []) {
      if (wild?.test(name)) bases.add(neighbourOf(name, all)?.base ?? name);
    }
    for (const entry of entries) {
      const { name } = entry;
      const rotated = bases.has(name) && !wild ? null : neighbourOf(name, wild ? all : bases);
      const base = rotated?.base ?? name;
      if (!bases.has(base)) continue;
      const path = join(folder, name);
      names.set(path, {
        path,
        log: join(folder, base),
        rotated: rotated !== null,
        stamp: rotated?.stamp ?? '',
        packing: rotated?.packing ?? packingOf(name),
        asked: !wild,
        link: entry.isSymbolicLink(),
      });
    }
    if (!wild && !names.has(join(folder, asked))) {
      const path = join(folder, asked);
      names.set(path, {
        path,
        log: path,
        rotated: false,
        stamp: '',
        packing: packingOf(asked),
        asked: true,
        link: false,
      });
    }
  }
  return { names: [...names.values()], problems };
}

/** Finds the files that `pattern`, a path or a glob, names, and to which log each belongs; none beside them. */
export async function findNamed(
  pattern: string,
): Promise<{ names: LogName[]; problems: FileProblem[] }> {
  const problems: FileProblem[] = [];
  const full = resolve(pattern);
  const asked = basename(full);
  const wild = isPattern(asked);
  const matches = matcher(asked);
  const names: LogName[] = [];
  for (const folder of await foldersOf(dirname(full), full, problems)) {
    const entries = await list(folder, full, problems);
    const all = new Set(entries.map(({ name }) => name));
    for (const entry of entries) {
      const { name } = entry;
      if (name !== asked && !(wild && matches.test(name))) continue;
      const rotated = neighbourOf(name, all);
      names.push({
        path: join(folder, name),
        log: join(folder, rotated?.base ?? name),
        rotated: rotated !== null,
        stamp: rotated?.stamp ?? '',
        packing: rotated?.packing ?? packingOf(name),
        asked: !wild,
        link: entry.isSymbolicLink(),
      });
    }
  }
  return { names, problems };
}

/**
 * Returns the log that `name` is a rotated file of. A name with the stamp inside counts only if that log exists as
 * well.
 */
function neighbourOf(name: string, names: ReadonlySet<string>): RotatedName | null {
  const rotated = rotatedName(name);
  return rotated?.within && !names.has(rotated.base) ? null : rotated;
}
