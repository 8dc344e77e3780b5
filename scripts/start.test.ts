import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, takePort, toyCheckout } from './toy-checkout';

let checkout: ReturnType<typeof toyCheckout>;
let port: string;
beforeEach(async () => {
  checkout = toyCheckout();
  const taken = await takePort();
  port = String(taken.port);
  await taken.release();
});
afterEach(() => checkout.remove());

/** Expects one line, no stack, and an exit code of failure. */
function expectRefusal({ code, stderr }: Ended, words: RegExp): void {
  expect(stderr).toMatch(words);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(1);
}

const refused = (env: Record<string, string>) => checkout.start({ PORT: port, ...env }).ended;
const builds = () => {
  const file = path.join(checkout.folder, 'builds');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
};
async function startAndStop(env: Record<string, string> = {}): Promise<Ended> {
  const app = checkout.start({ PORT: port, ...env });
  await app.says('Tailnet Observatory is at');
  app.stop();
  return app.ended;
}

describe('npm start refuses, in one line,', () => {
  it('a Node that is too old', async () => {
    const old = `Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } })`;
    const args = ['--import', `data:text/javascript,${encodeURIComponent(old)}`];
    const { ended } = checkout.node([...args, path.join(checkout.folder, 'scripts/start.mjs')]);
    expectRefusal(await ended, /needs Node.js 20.20 or newer, and this is 18.20.4/);
  });

  it.each(['0', '65536', '80a', '-1', '3000.5', ' '])('PORT=%j', async (value) => {
    expectRefusal(await refused({ PORT: value }), /is not a port/);
  });

  it('a port that is taken, before it installs or builds anything', async () => {
    const taken = await takePort();
    try {
      rmSync(path.join(checkout.folder, 'node_modules/.package-lock.json'));
      const ended = await refused({ PORT: String(taken.port) });
      expectRefusal(ended, new RegExp(`Port ${taken.port} .*is taken.*PORT=`));
      expect(ended.stdout).toBe('');
    } finally {
      await taken.release();
    }
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.org'])(
    'to listen on %s for nobody in particular',
    async (HOST) => {
      expectRefusal(
        await refused({ HOST }),
        /TAILSCALE_ADMINS=.*npm run token.*tailscale serve --bg \d+/,
      );
    },
  );

  it('to let everyone in on another address than loopback', async () => {
    const ended = await refused({
      HOST: '0.0.0.0',
      AUTH: 'off',
      TAILSCALE_ADMINS: 'a@example.com',
    });
    expectRefusal(ended, /AUTH=off .*loopback only/);
  });

  it('an address that is not of this machine', async () => {
    const ended = await refused({ HOST: '192.0.2.1', TAILSCALE_ADMINS: 'alice@example.com' });
    expectRefusal(ended, /HOST=192.0.2.1 is not an address of this machine/);
  });

  it('a DATA_DIR that is a file', async () => {
    expectRefusal(await refused({ DATA_DIR: 'package.json' }), /DATA_DIR .* not a folder/);
    expectRefusal(await refused({ DATA_DIR: 'package.json/x' }), /DATA_DIR .* below a file/);
  });

  it.runIf(existsSync('/sys'))('a DATA_DIR that cannot be written', async () => {
    expectRefusal(await refused({ DATA_DIR: '/sys/x' }), /DATA_DIR \(\/sys\/x\) cannot be written/);
  });

  it.runIf(process.getuid?.() === 0)('a DATA_DIR on a full disk', async (test) => {
    const disk = path.join(checkout.folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return test.skip('this sandbox mounts nothing');
    }
    try {
      expectRefusal(await refused({ DATA_DIR: disk }), /disk that holds DATA_DIR .* is full/);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

describe('npm start', () => {
  it('says where the page is, once the app answers, and ends with the app', async () => {
    const { code, stdout, stderr } = await startAndStop();
    expect(stdout).toContain(`Tailnet Observatory is at http://127.0.0.1:${port}/vpn\n`);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('ends with a code other than 0 when the app cannot start', async () => {
    expectRefusal(await refused({ BREAK_THE_APP: '1' }), /could not start/);
  });

  it('reads relative paths from where it was typed', async () => {
    const elsewhere = path.join(checkout.folder, 'elsewhere');
    mkdirSync(elsewhere);
    const env = { PORT: port, DATA_DIR: 'kept', ACCESS_LOG: 'logs/*.log, more/a.log' };
    const app = checkout.start(env, elsewhere);
    await app.says('Tailnet Observatory is at');
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(await answer.json()).toEqual({
      DATA_DIR: path.join(elsewhere, 'kept'),
      ACCESS_LOG: `${path.join(elsewhere, 'logs/*.log')},${path.join(elsewhere, 'more/a.log')}`,
    });
    app.stop();
    await app.ended;
  });

  it('serves on one of two at the same port at the same time, and refuses the other in one line', async () => {
    await startAndStop();
    const apps = [checkout.start({ PORT: port }), checkout.start({ PORT: port })] as const;
    const loser = await Promise.race(apps.map((app) => app.ended));
    expectRefusal(loser, /is taken/);
    for (const app of apps) app.stop();
    await Promise.all(apps.map((app) => app.ended));
  });

  it('builds when there is no build, and only then', async () => {
    await startAndStop();
    const second = await startAndStop();
    expect(builds()).toBe(1);
    expect(second.stdout).not.toMatch(/[Bb]uild/);
  });

  it('builds again when a source changes, even to one with an old date; not for a test', async () => {
    await startAndStop();
    checkout.write('app/page.test.tsx', 'new');
    await startAndStop();
    expect(builds()).toBe(1);
    checkout.write('app/page.tsx', 'new');
    utimesSync(path.join(checkout.folder, 'app/page.tsx'), 0, 0);
    await startAndStop();
    expect(builds()).toBe(2);
  });

  it('does not count a build that failed half way', async () => {
    await startAndStop();
    checkout.write('app/page.tsx', 'new');
    checkout.write('break-the-build', '');
    expectRefusal(await refused({}), /Building failed/);
    rmSync(path.join(checkout.folder, 'break-the-build'));
    await startAndStop();
    expect(builds()).toBe(3);
  });

  it('builds once when two are started at the same time', async () => {
    const other = await takePort();
    await other.release();
    const ports = [port, String(other.port)];
    // So that the other one comes while it is built, however late.
    checkout.write('hold-the-build', '');
    const apps = ports.map((PORT) => checkout.start({ PORT, DATA_DIR: PORT }));
    await Promise.race(apps.map((app) => app.says('Waiting for process')));
    rmSync(path.join(checkout.folder, 'hold-the-build'));
    await Promise.all(apps.map((app) => app.says('Tailnet Observatory is at')));
    for (const app of apps) app.stop();
    const ended = await Promise.all(apps.map((app) => app.ended));
    expect(builds()).toBe(1);
    expect(ended.map(({ stdout }) => stdout).join()).toMatch(/Waiting for process \d+/);
  });

  it('installs when node_modules is older than the lock file', async () => {
    const npm = '#!/bin/sh\necho "npm $*"; touch node_modules/.package-lock.json\n';
    checkout.write('bin/npm', npm, 0o755);
    utimesSync(path.join(checkout.folder, 'node_modules/.package-lock.json'), 0, 0);
    const PATH = `${path.join(checkout.folder, 'bin')}:${process.env.PATH}`;
    const { stdout } = await startAndStop({ PATH });
    expect(stdout).toMatch(/npm ci --include=dev/);
    expect((await startAndStop({ PATH })).stdout).not.toMatch(/npm/);
  });
});
