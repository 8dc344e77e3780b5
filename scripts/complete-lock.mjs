// node scripts/complete-lock.mjs   after npm changed package-lock.json on a machine whose registry is incomplete
//
// Where a registry lacks some package for another platform, npm silently omits it from the lock file, and then
// `npm ci` refuses that lock file everywhere. This restores such entries: exact version, optional, for its platform
// only, so that no other platform requests it. They lack the checksum, which npm adds where it can.
import fs from 'node:fs';
import { inRoot } from './paths.mjs';

const file = inRoot('package-lock.json');
const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
const PLATFORM =
  /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|x64)(?:-(gnu|musl|msvc))?$/;

const added = {};
for (const [place, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const present = [`node_modules/${name}`, `${place}/node_modules/${name}`].some(
      (key) => lock.packages[key],
    );
    const platform = PLATFORM.exec(name);
    if (present || !platform) continue;
    const [, os, cpu, libc] = platform;
    added[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(parent.dev && { dev: true }),
      ...(os === 'linux' && libc && { libc: [libc === 'gnu' ? 'glibc' : libc] }),
      optional: true,
      os: [os],
    };
  }
}

const all = Object.entries({ ...lock.packages, ...added });
lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${Object.keys(added).length} missing entries added to package-lock.json.`);
