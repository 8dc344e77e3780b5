import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeAllCallSites } from './call-sites/write.mjs';
import { dropStamp, sourceFingerprint, writeStamp } from './freshness.mjs';
import { filesFolder, inRoot, programs, standalone, tool } from './paths.mjs';
import { Refusal } from './refusal.mjs';
import { run } from './run.mjs';

/** Native code cannot be bundled; these remain packages beside the server. */
const UNBUNDLED = ['@photostructure/sqlite'];

/** Some bundled packages are CommonJS and expect its globals, which an ES module lacks. */
const COMMONJS_GLOBALS = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
].join('');

/**
 * Creates everything that `npm start` serves, under .next/standalone: the Next server, its static files, the ingest
 * worker. After any failure the stamp that declares a build usable is missing. One at a time: prepare.mjs holds the
 * lock.
 */
export async function build() {
  const fingerprint = sourceFingerprint();
  dropStamp();
  await buildPages();
  forgetSecrets();
  copy('public', 'public');
  copyStaticFiles();
  await bundlePrograms();
  noteCallSites();
  assertNativeCode();
  writeStamp(fingerprint);
}

/**
 * Removes .env files that Next copies into its output, where they would outlive every change. Settings come from the
 * environment.
 */
function forgetSecrets() {
  for (const name of fs.readdirSync(standalone)) {
    if (name.startsWith('.env')) fs.rmSync(path.join(standalone, name));
  }
}

/** Copies what browsers load, and packs what gets smaller as well as gzip can: once, not for each browser. */
function copyStaticFiles() {
  fs.cpSync(inRoot('.next/static'), filesFolder, { recursive: true });
  for (const name of fs.readdirSync(filesFolder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(css|js|json)$/.test(name)) continue;
    const file = path.join(filesFolder, name);
    fs.writeFileSync(`${file}.gz`, gzipSync(fs.readFileSync(file), { level: 9 }));
  }
}

/** @param {string} from In the checkout. @param {string} to In the standalone tree. */
function copy(from, to) {
  if (!fs.existsSync(inRoot(from))) return;
  fs.cpSync(inRoot(from), path.join(standalone, to), { recursive: true });
}

/**
 * Bundles what runs in front of Next, or beside it in a thread or a process of its own: Next's bundler does not know
 * these programs.
 */
async function bundlePrograms() {
  // Imported late, since it may have just been installed. Used by its API, since its command is a native program on
  // some systems only.
  const esbuild = await import('esbuild');
  try {
    await esbuild.build({
      entryPoints: [
        inRoot('lib/runtime/gated-server.ts'),
        inRoot('lib/runtime/ingest-worker.ts'),
        inRoot('lib/runtime/backup.ts'),
        inRoot('lib/runtime/restore.ts'),
        inRoot('lib/runtime/alert-test.ts'),
        inRoot('lib/runtime/digest-preview.ts'),
        inRoot('lib/runtime/import.ts'),
        inRoot('lib/runtime/models-import.ts'),
        inRoot('lib/runtime/migrate.ts'),
      ],
      outdir: programs,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'external',
      logLevel: 'warning',
      banner: { js: COMMONJS_GLOBALS },
      external: UNBUNDLED,
    });
  } catch {
    throw new Refusal('Building failed: esbuild says why above.');
  } finally {
    await esbuild.stop();
  }
}

/** Notes where each line is logged; the source maps, of tens of megabytes, stay here. */
function noteCallSites() {
  writeAllCallSites(path.join(standalone, '.next/server'), inRoot('.next/server'));
  writeAllCallSites(programs, programs);
  for (const name of fs.readdirSync(programs)) {
    if (name.endsWith('.map')) fs.rmSync(path.join(programs, name));
  }
}

/**
 * Checks the native code, which the tracer that fills standalone/node_modules does not find by itself: next.config.ts
 * names it.
 */
function assertNativeCode() {
  const platform = `${process.platform}-${process.arch}`;
  for (const name of UNBUNDLED) {
    const folder = path.join(standalone, 'node_modules', name, 'prebuilds', platform);
    if (!fs.existsSync(folder)) {
      throw new Refusal(`The build lacks ${name} for ${platform}: it has no ${folder}.`);
    }
  }
}

async function buildPages() {
  const { code } = await run(...tool('next', 'build'), {
    env: {
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      // Next would otherwise query a registry for packages of other platforms, and rewrite the lock file.
      NEXT_IGNORE_INCORRECT_LOCKFILE: '1',
    },
  });
  if (code !== 0) throw new Refusal('Building failed: next build says why above.');
}
