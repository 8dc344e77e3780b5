import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot, root, standalone } from './paths.mjs';

/** Everything that a build is made from. */
const SOURCES = [
  'app',
  'lib',
  'public',
  'scripts/call-sites/write.mjs',
  'scripts/standalone.mjs',
  'instrumentation.ts',
  'next.config.ts',
  'package-lock.json',
  'tsconfig.json',
];
const NOT_BUILT = /\.(test|spec)\.tsx?$|\.md$/;

/** Written last, so a build that failed half way has none. */
const stamp = path.join(standalone, 'built-from');

/**
 * Returns whether the install is out of date. npm writes its own copy of the lock file last, so an interrupted install
 * counts as missing.
 */
export function installIsStale() {
  const installed = modifiedAt(inRoot('node_modules/.package-lock.json'));
  return installed === undefined || installed < (modifiedAt(inRoot('package-lock.json')) ?? 0);
}

/**
 * Returns one line that identifies the current sources. It depends on contents, not dates: a `git checkout` there and
 * back needs no build, while restoring a file with an old date does.
 */
export function sourceFingerprint() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`);
  for (const file of SOURCES.flatMap((source) => filesUnder(inRoot(source)))) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(fs.readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

export function buildIsStale() {
  try {
    return fs.readFileSync(stamp, 'utf8') !== sourceFingerprint();
  } catch {
    return true;
  }
}

export const buildExists = () => fs.existsSync(stamp);
export const dropStamp = () => fs.rmSync(stamp, { force: true });

/** @param {string} fingerprint The sources as they were when the build began: what changed since is not in it. */
export const writeStamp = (fingerprint) => fs.writeFileSync(stamp, fingerprint);

/** @param {string} place @returns {string[]} The files there, in an order that does not depend on the disk. */
function filesUnder(place) {
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return NOT_BUILT.test(place) ? [] : [place];
  return fs
    .readdirSync(place)
    .sort()
    .flatMap((name) => filesUnder(path.join(place, name)));
}

const modifiedAt = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
