import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

const scripts = path.join(process.cwd(), 'scripts');

export type Ended = { code: number | null; stdout: string; stderr: string };

/** Replaces Next in the build: its app opens the gate to everyone, or is broken, and answers every request. */
const SERVER = `exports.getRequestHandlers = async () => {
  if (process.env.BREAK_THE_APP) throw new Error('broken\\nin its way');
  const { opening } = await import(process.cwd() + '/worker/gated-server.mjs');
  opening.open({ pass: (request, response, next) => next() });
  const { DATA_DIR, ACCESS_LOG } = process.env;
  const answer = JSON.stringify({ DATA_DIR, ACCESS_LOG });
  return { requestHandler: async (request, response) => response.end(answer) };
};
process.on('SIGTERM', () => process.exit(0));
`;

/** Replaces `next build`: records that it ran, takes a moment, or as long as it is held, and leaves that server. */
const NEXT = `import fs from 'node:fs';
fs.appendFileSync('builds', 'built\\n');
const moment = () => new Promise((resolve) => setTimeout(resolve, 100));
do await moment();
while (fs.existsSync('hold-the-build'));
if (fs.existsSync('break-the-build')) process.exit(1);
const native = '.next/standalone/node_modules/@photostructure/sqlite/prebuilds';
const server = '.next/standalone/node_modules/next/dist/server';
for (const folder of ['.next/static', '.next/standalone/.next', server + '/lib']) {
  fs.mkdirSync(folder, { recursive: true });
}
fs.mkdirSync(native + '/' + process.platform + '-' + process.arch, { recursive: true });
fs.writeFileSync('.next/standalone/.next/required-server-files.json', '{ "config": {} }');
fs.writeFileSync(server + '/config.js', 'exports.default = async () => ({});');
fs.writeFileSync(server + '/lib/start-server.js', ${JSON.stringify(SERVER)});
`;

/** Replaces esbuild: leaves the only program that the server needs, which is the real one. */
const ESBUILD = `import fs from 'node:fs';
export const build = async ({ outdir }) => {
  fs.mkdirSync(outdir, { recursive: true });
  const bundled = new URL('../../gated-server.mjs', import.meta.url);
  fs.copyFileSync(bundled, outdir + '/gated-server.mjs');
};
export const stop = async () => {};
`;
const gatedServer = buildSync({
  entryPoints: ['lib/runtime/gated-server.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  // As in standalone.mjs: bundled packages that are CommonJS need it.
  banner: {
    js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
  },
  write: false,
});

/**
 * Creates a checkout of these scripts with fakes for everything slow: an `npm start` in it takes a fraction of a second
 * and leaves the real checkout alone.
 */
export function toyCheckout() {
  const folder = mkdtempSync(path.join(tmpdir(), 'toy-checkout-'));
  const write = (name: string, text: string, mode = 0o644) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
  };
  cpSync(scripts, path.join(folder, 'scripts'), {
    recursive: true,
    filter: (file) => !file.endsWith('.ts'),
  });
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', '{}');
  write('app/page.tsx', '');
  write('node_modules/next/package.json', '{ "type": "module" }');
  write('node_modules/next/dist/bin/next', NEXT);
  write('node_modules/esbuild/package.json', '{ "type": "module", "main": "index.js" }');
  write('node_modules/esbuild/index.js', ESBUILD);
  write('gated-server.mjs', gatedServer.outputFiles[0]?.text ?? '');
  write('node_modules/.package-lock.json', '{}');

  const node = (args: string[], env: Record<string, string> = {}, cwd = folder) => {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, args, {
      cwd,
      env: { NODE_ENV: 'test', PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const ended = new Promise<Ended>((resolve) =>
      child.once('close', (code) => resolve({ code, stdout, stderr })),
    );
    const says = async (words: string) => {
      while (!stdout.includes(words)) {
        if (child.exitCode !== null) throw new Error(`ended without saying it: ${stdout}${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    return { ended, says, stop: () => child.kill('SIGTERM') };
  };

  return {
    folder,
    write,
    /** Runs `node scripts/start.mjs`. */
    start: (env: Record<string, string> = {}, cwd = folder) =>
      node([path.join(folder, 'scripts/start.mjs')], env, cwd),
    node,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Takes a port on loopback; `release` gives it back. */
export async function takePort(): Promise<{ port: number; release(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return {
    port: address.port,
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
