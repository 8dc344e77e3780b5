import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onWindows } from '../e2e/fakes/systems';
import { takePort, toyCheckout } from './toy-checkout';

let checkout: ReturnType<typeof toyCheckout>;
let env: Record<string, string>;
beforeEach(() => {
  checkout = toyCheckout();
  const at = (name: string) => path.join(checkout.folder, name);
  env = { PATH: at('bin'), HOME: at('home'), LAB_STATE: at('state'), LAB_BIN: at('programs') };
  mkdirSync(at('bin'));
  onlyTools('bash env dirname cat cksum sed sort mkdir chmod rm rmdir');
  for (const name of ['curl', 'ps']) checkout.write(`bin/${name}`, '#!/bin/sh\nexit 1\n', 0o755);
});
afterEach(() => checkout.remove());

function installed(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

/** Limits PATH to these of this machine's programs, and whatever a test writes into `bin/`. */
function onlyTools(names: string): void {
  for (const name of names.split(' ')) {
    const file = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    symlinkSync(file, path.join(checkout.folder, 'bin', name));
  }
}

const realLab = () =>
  cpSync('lab', path.join(checkout.folder, 'lab'), { recursive: true, errorOnExist: true });

/** Writes a part's programs as if they had been built from the current sources. */
function builtAlready(part: string, ...programs: string[]): void {
  for (const name of programs) checkout.write(`programs/${name}`, '', 0o755);
  const sum = 'cd "$0" && cat * | cksum >"$1"';
  const [sources, stamp] = [`lab/${part}`, `programs/${part}.built-from`];
  const at = (name: string) => path.join(checkout.folder, name);
  execFileSync('bash', ['-c', sum, at(sources), at(stamp)]);
}

/** A lab that records its commands in `asked`; `up` sets what `env` prints from then on. */
const toyLab = (missing: string, up = 'cp all-up up') => {
  checkout.write(
    'all-up',
    'export LAB_TAILSCALE_SOCKET=/a\\ b.sock\nexport LAB_INFLUX_URL=http://i\nexport LAB_CADDY=/c\nexport LAB_OTELCOL=/o',
  );
  checkout.write(
    'lab/lab',
    `#!/bin/sh
echo "$*" >>asked
case $1 in
  env) [ ! -e up ] || cat up ;;
  missing) case $2 in ${missing} esac ;;
  up) ${up} ;;
esac
`,
    0o755,
  );
  onlyTools('cp');
};

const asked = () => readFileSync(path.join(checkout.folder, 'asked'), 'utf8').trim().split('\n');

/** Writes fake runners: each prints the lab variables it finds, and reports one passed test. */
function toyRunners(): void {
  const report = (file: string, content: object) => `
    const { LAB_TAILSCALE_SOCKET, LAB_INFLUX_URL } = process.env;
    console.log('found ' + LAB_TAILSCALE_SOCKET + ' and ' + LAB_INFLUX_URL);
    console.log('ran ' + (process.argv.find((arg) => arg.startsWith('--project')) ?? 'vitest'));
    process.getBuiltinModule('fs').writeFileSync(${file}, ${JSON.stringify(JSON.stringify(content))});`;
  const stats = { expected: 1, flaky: 0, unexpected: 0, skipped: 0 };
  checkout.write(
    'node_modules/@playwright/test/cli.js',
    report('process.env.PLAYWRIGHT_JSON_OUTPUT_FILE', { stats, suites: [], errors: [] }),
  );
  const counts = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  checkout.write(
    'node_modules/vitest/vitest.mjs',
    report("process.argv.at(-1).replace('--outputFile.json=', '')", { ...counts, testResults: [] }),
  );
}

const run = (script: string, ...args: string[]) =>
  checkout.node([path.join(checkout.folder, 'scripts', script), ...args], {
    ...env,
    CHROMIUM_PATH: '/bin/sh',
  }).ended;

describe.skipIf(onWindows)('npm run test:live', () => {
  it('without Go says that it is missing and where to get it, and fails', async () => {
    realLab();
    const { code, stdout, stderr } = await run('test-live.mjs');
    expect(stderr).toMatch(/lab is not up.*cannot be built here/);
    expect(stderr).toMatch(/^Go is missing: tailnet .*Go 1\.21 or later.*https:\/\/go\.dev\/dl$/m);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it('says that Go is too old, and which it found', async () => {
    realLab();
    const go =
      '#!/bin/sh\ncase $1 in env) echo go1.19.8 ;; *) echo go version go1.19.8 linux/amd64 ;; esac\n';
    checkout.write('bin/go', go, 0o755);
    const { code, stderr } = await run('test-live.mjs');
    expect(stderr).toMatch(/^Go is too old: .*1\.21 or later.*go1\.19\.8.*https:\/\/go\.dev\/dl$/m);
    expect(code).toBe(1);
  });

  it('finds a lab that is up, without a variable set, and starts nothing', async () => {
    toyLab('');
    toyRunners();
    checkout.write('up', readFileSync(path.join(checkout.folder, 'all-up'), 'utf8'));
    const { code, stdout } = await run('test-live.mjs');
    expect(stdout.match(/found \/a b\.sock and http:\/\/i/g)).toHaveLength(3);
    const ran = stdout.match(/^ran .*$/gm) ?? [];
    expect(ran.slice(0, 2).sort()).toEqual(['ran --project=live', 'ran vitest']);
    // What is measured runs alone.
    expect(ran.slice(2)).toEqual(['ran --project=live-alone']);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('3 passed, 0 failed');
    expect(code).toBe(0);
    expect(asked()).toEqual(['env']);
  });

  it('starts the lab when it is not up, and only what is not', async () => {
    toyLab('');
    toyRunners();
    checkout.write(
      'up',
      'export LAB_INFLUX_URL=http://i\nexport LAB_CADDY=/c\nexport LAB_OTELCOL=/o',
    );
    const { stdout } = await run('test-live.mjs');
    expect(asked()).toEqual(['env', 'missing tailnet', 'up tailnet', 'env']);
    expect(stdout).toContain('npm run lab -- down');
    expect(stdout).toMatch(/3 passed, 0 failed\n$/);
  });

  it('goes without InfluxDB where that cannot be built, and says why', async () => {
    toyLab(
      'influxdb) echo "Rust is missing"; exit 1 ;;',
      "echo 'export LAB_TAILSCALE_SOCKET=/s' >up",
    );
    toyRunners();
    const { code, stdout } = await run('test-live.mjs');
    expect(stdout).toMatch(/without InfluxDB.*\n\nRust is missing\n/);
    expect(asked()).toContain('up tailnet caddy otelcol');
    expect(stdout).toMatch(/against InfluxDB were left out[\s\S]*2 passed, 0 failed\n$/);
    expect(code).toBe(0);
  });

  it('fails in words when the lab does not start', async () => {
    toyLab('', 'echo "lab: port 9911 is taken" >&2; exit 1');
    const { code, stderr } = await run('test-live.mjs');
    expect(stderr).toBe('lab: port 9911 is taken\nThe lab did not start: it says why above.\n');
    expect(code).toBe(1);
  });
});

describe.skipIf(onWindows)('npm run lab', () => {
  it('starts the lab and says what uses it', async () => {
    toyLab('');
    const { code, stdout } = await run('lab.mjs');
    expect(asked()).toEqual([
      'env',
      'missing tailnet',
      'missing influxdb',
      'missing caddy',
      'missing otelcol',
      'up tailnet influxdb caddy otelcol',
      'env',
    ]);
    expect(stdout).toContain('npm run test:live');
    expect(code).toBe(0);
  });

  it('passes everything after -- on, and its exit code back', async () => {
    toyLab('tailnet) echo "Go is missing"; exit 1 ;;');
    expect(await run('lab.mjs', 'ts', 'git', 'ping', 'a b')).toMatchObject({ code: 0 });
    expect(asked()).toEqual(['ts git ping a b']);
    const missing = await run('lab.mjs', 'missing', 'tailnet');
    expect(missing).toMatchObject({ code: 1, stdout: 'Go is missing\n' });
  });
});

describe.skipIf(onWindows)('lab/lab', () => {
  it.runIf(installed('shellcheck'))('is what shellcheck asks for, and .ci/run with it', () => {
    const scripts = ['lab/lab', 'lab/parts.sh', 'lab/processes.sh', '.ci/run'];
    expect(execFileSync('shellcheck', scripts, { encoding: 'utf8' })).toBe('');
  });

  it('names everything that InfluxDB’s build lacks', async () => {
    realLab();
    const { code, stdout } = await run('lab.mjs', 'missing', 'influxdb');
    expect(stdout).toMatch(/^Go is missing: .*go\.dev/m);
    expect(stdout).toMatch(/^Rust is missing: .*https:\/\/rustup\.rs$/m);
    expect(stdout).toMatch(/^A C compiler is missing: .*apt-get install gcc libc6-dev$/m);
    expect(stdout).toMatch(/^pkg-config is missing: .*apt-get install pkg-config$/m);
    expect(code).toBe(1);
  });

  it('needs no compiler where its programs are built already, from the same sources', async () => {
    realLab();
    builtAlready('tailnet', 'tailscale', 'tailscaled', 'control');
    expect(await run('lab.mjs', 'missing', 'tailnet')).toMatchObject({ code: 0, stdout: '' });
    checkout.write('lab/tailnet/control.go', 'package main');
    expect(await run('lab.mjs', 'missing', 'tailnet')).toMatchObject({ code: 1 });
  });

  it('refuses a node, a part and a verb that there is not', async () => {
    realLab();
    expect((await run('lab.mjs', 'ts', 'gti', 'status')).stderr).toBe(
      'lab: there is no node gti: factory git dev\n',
    );
    expect((await run('lab.mjs', 'up', 'influx')).stderr).toBe(
      'lab: there is no part influx: tailnet, influxdb, caddy, otelcol\n',
    );
    const usage = await run('lab.mjs', 'ups');
    expect(usage.stderr).toMatch(/^ {2}lab up \[PART\.\.\.\]/m);
    expect(usage.code).toBe(2);
  });

  it('says so when its port is taken, and starts nothing', async () => {
    realLab();
    const taken = await takePort();
    try {
      env.LAB_INFLUX_PORT = String(taken.port);
      builtAlready('influxdb', 'influxd');
      const { code, stderr } = await run('lab.mjs', 'up', 'influxdb');
      expect(stderr).toMatch(`lab: port ${taken.port} is taken`);
      expect(stderr).toMatch('LAB_INFLUX_PORT');
      expect(code).toBe(1);
    } finally {
      await taken.release();
    }
  });

  it('down without a lab does nothing, and leaves a folder that holds other things alone', async () => {
    realLab();
    checkout.write('state/mine.txt', 'kept');
    expect(await run('lab.mjs', 'down')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(path.join(checkout.folder, 'state/mine.txt'), 'utf8')).toBe('kept');
  });
});
