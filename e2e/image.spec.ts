import { spawn, spawnSync } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { root, startCommand } from './harness/app';
import { collect, end, freePort, until } from './harness/process';

const IMAGE_USER = 65_532;
/** A root's test can have what the container has; not where a sandbox forbids mounting. */
const asRoot =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '--bind', '/', '/']).status === 0;

/** The last stage of the Dockerfile: what it copies from the checkout, and what it starts. */
async function lastStage() {
  const dockerfile = (await readFile(path.join(root, 'Dockerfile'), 'utf8')).replace(/\\\n/g, ' ');
  const stage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const copies = [...stage.matchAll(/^COPY --from=build (?:--\S+ )*(.+)$/gm)].map(
    ([, words = '']) => {
      const sources = words.split(' ');
      return { to: sources.pop() ?? '', sources };
    },
  );
  const command: string[] = JSON.parse(/^CMD (\[.*\])$/m.exec(stage)?.[1] ?? '[]');
  const removed = [...dockerfile.matchAll(/rm -rf ([^&\n]+)/g)].flatMap(([, words = '']) =>
    words.trim().split(/\s+/),
  );
  return {
    copies: copies.filter(({ to }) => to !== '/data'),
    removed,
    command,
    healthcheck: /HEALTHCHECK .*CMD \["\/nodejs\/bin\/node", "([^"]+)"\]/.exec(stage)?.[1] ?? '',
    user: /^USER (\d+):\1$/m.exec(stage)?.[1],
  };
}

test('the image’s files alone serve the app: read-only, as a user without rights, started and checked as the image does', async () => {
  test.skip(process.platform !== 'linux', 'the image is for Linux');
  const folder = await mkdtemp(path.join(tmpdir(), 'observatory-image-'));
  await chmod(folder, 0o755);
  const [app, data] = [path.join(folder, 'app'), path.join(folder, 'data')];
  await mkdir(app);
  await mkdir(data);
  const stage = await lastStage();
  expect(stage.user).toBe(String(IMAGE_USER));
  expect(stage.copies.length).toBeGreaterThan(1);
  // Node is run as `npm start` runs it, its heap kept as small.
  const { args, env: ofStart } = await startCommand();
  const usual = args.filter((word) => word.startsWith('--'));
  expect(stage.command).toEqual(expect.arrayContaining(usual));
  const variables = Object.entries(ofStart).map(([name, value]) => `${name}=${value}`);
  expect(await readFile(path.join(root, 'Dockerfile'), 'utf8')).toContain(variables.join(' '));
  for (const { sources, to } of stage.copies) {
    for (const source of sources) {
      const from = path.join(root, source.replace(/^\/src\//, ''));
      const target = to.endsWith('/')
        ? path.join(app, to, path.basename(source))
        : path.join(app, to);
      // Links stay as they are, as COPY leaves them.
      await cp(from, target, { recursive: true, verbatimSymlinks: true });
    }
  }
  // The image's Node has SQLite built in. Where ours has not, its binaries are needed.
  if (process.getBuiltinModule('node:sqlite')) {
    for (const file of stage.removed)
      await rm(path.join(app, file), { recursive: true, force: true });
  }
  const flags = process.allowedNodeEnvironmentFlags;
  const command = stage.command.filter(
    (word) => !word.startsWith('--disable-warning') || flags.has('--disable-warning'),
  );

  const port = await freePort();
  const env = { NODE_ENV: 'production', PORT: String(port), DATA_DIR: data, DEMO: '1' } as const;
  if (asRoot) await chown(data, IMAGE_USER, IMAGE_USER);
  // Nothing but /data to write to, and no capability.
  const confined = [
    '--mount',
    '--propagation=private',
    'sh',
    '-ec',
    `mount --bind '${data}' '${data}'; mount --bind '${app}' '${app}'; mount -o remount,bind,ro '${app}'; mount -o remount,bind,ro /; cd '${app}'
     exec setpriv --reuid=${IMAGE_USER} --regid=${IMAGE_USER} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"`,
    'sh',
    process.execPath,
    ...command,
  ];
  const child = asRoot
    ? spawn('unshare', confined, {
        cwd: app,
        env: { ...env, PATH: process.env.PATH },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    : spawn(process.execPath, command, { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [collect(child.stdout), collect(child.stderr)];
  const said = () => output.map((read) => read()).join('\n');
  try {
    await until(
      () => {
        if (child.exitCode !== null) throw new Error(`it ended (${child.exitCode}): ${said()}`);
        return said().includes('Tailnet Observatory is at');
      },
      30_000,
      said,
    );
    const page = await fetch(`http://127.0.0.1:${port}/vpn`);
    expect(page.status).toBe(200);
    const script = /src="(\/_next\/static\/[^"]+\.js)"/.exec(await page.text())?.[1];
    expect((await fetch(`http://127.0.0.1:${port}${script}`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/theme.js`)).status).toBe(200);
    await until(async () => (await check(app, stage.healthcheck, port)).code === 0, 15_000, said);
    expect(said()).not.toMatch(/EROFS|EACCES|EPERM/);
    if (asRoot) {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\s+65532\s/m);
      expect(status).toMatch(/^CapBnd:\s+0+$/m);
    }
    expect(await end(child, 'SIGTERM'), said()).toBe(0);
  } finally {
    await end(child, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
  const gone = await check(root, stage.healthcheck, port);
  expect(gone.code).toBe(1);
  expect(gone.output).toContain('/healthz does not answer');
});

/** Runs the image's health check as the engine does. */
function check(
  app: string,
  script: string,
  port: number,
): Promise<{ code: number | null; output: string }> {
  const env = { NODE_ENV: 'production', PORT: String(port) } as const;
  const child = spawn(process.execPath, [script], {
    cwd: app,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = collect(child.stdout);
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, output: output() })),
  );
}
