import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onWindows } from '../../e2e/fakes/systems';
import { append, Follower, gzip, numbered } from './test-follower';

const CASES = fileURLToPath(new URL('../../e2e/fixtures/access-log/', import.meta.url));

let folder: string;
let log: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'files-'));
  log = join(folder, 'access.log');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Copies a case's files; those named `*.plain` are compressed. */
function copyCase(name: string): void {
  for (const file of fs.readdirSync(join(CASES, name))) {
    if (file === 'expected.json') continue;
    const content = fs.readFileSync(join(CASES, name, file));
    if (!file.endsWith('.plain')) fs.writeFileSync(join(folder, file), content);
    else fs.writeFileSync(join(folder, file.replace('.plain', '.gz')), gzipSync(content));
  }
}

/** Returns the requested paths, in the order of reading. */
const pathsOf = (follower: Follower) =>
  follower.lines.map((line) => /"[A-Z]+ (\S+)/.exec(line)?.[1] ?? line);

const rename = (from: string, to: string) => fs.renameSync(join(folder, from), join(folder, to));

it('a wildcard does not mean what editors and packers leave beside a log', async () => {
  for (const name of ['', '.1', '~', '.bak', '.1.gz.bak', '.swp', '.2.tmp']) {
    fs.writeFileSync(log + name, `the lines of ${name}\n`);
  }
  const all = new Follower(`${log}*`);
  await all.look();
  expect(all.lines).toEqual(['the lines of .1', 'the lines of ']);
  const asked = new Follower(join(folder, '*.bak'));
  await asked.look();
  expect(asked.lines).toHaveLength(2);
});

describe('names of rotated files', () => {
  it('what logrotate, rotatelogs and Caddy call them is read, oldest first; other files are not', async () => {
    copyCase('15-rotated-names');
    const follower = new Follower(log);
    await follower.look();
    const read = pathsOf(follower);
    expect([...read].sort()).toEqual(
      ['/now', ...[...'abcdefghij'].flatMap((letter) => [`/${letter}1`, `/${letter}2`])].sort(),
    );
    expect(read.at(-1)).toBe('/now');
  });

  it.each([
    'access.log.2026-11-11-10_00_00',
    'access.log.1763200001',
    'access.log-20261110-1698765432',
    'access.log.20261110.zst',
    'access_20261110.log',
    'access.20261110.log.xz',
    'access-2026-11-10.log',
    'access.log-2026-11-14T16-00-30.123-time',
    'access-2026-11-14T16-00-30.123-manual.log.gz',
    'access.log.0.bz2',
  ])('%s belongs to access.log', async (name) => {
    append(log, 1, 1);
    fs.writeFileSync(join(folder, name), 'line 2\n');
    const follower = new Follower(log);
    const problems = await follower.look();
    const paths = [...follower.records.values()].map((record) => record.path);
    expect([...paths, ...problems.map(({ path }) => path)]).toContain(join(folder, name));
  });

  it.each([
    'access.log.bak',
    'access-admin.log',
    'access.log.1.gz.bak',
    'access.log.swp',
    'xaccess.1.log',
  ])('%s does not', async (name) => {
    append(log, 1, 1);
    fs.writeFileSync(join(folder, name), 'line 2\n');
    const follower = new Follower(log);
    expect(await follower.look()).toEqual([]);
    expect(follower.lines).toEqual(['line 1']);
  });

  it('numbered logs without one that they could be of are logs of their own', async () => {
    append(join(folder, 'worker.1.log'), 1, 2);
    append(join(folder, 'worker.2.log'), 3, 4);
    const follower = new Follower(join(folder, '*.log'));
    await follower.look();
    fs.appendFileSync(join(folder, 'worker.2.log'), 'li');
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 4));
    expect(new Set([...follower.records.values()].map((one) => one.log)).size).toBe(2);
  });
});

describe('rotation while we look: every line once', () => {
  it("through logrotate's extension, under a glob", async () => {
    append(log, 1, 5);
    const follower = new Follower(join(folder, '*.log'));
    await follower.look();
    rename('access.log', 'access.1.log');
    append(log, 6, 7);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 7));
    rename('access.1.log', 'access.2.log');
    rename('access.log', 'access.1.log');
    append(log, 8, 8);
    await follower.look();
    gzip(join(folder, 'access.2.log'));
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 8));
  });

  it('between the renaming and the new file, under a glob', async () => {
    append(log, 1, 5);
    const follower = new Follower(join(folder, '*.log'));
    await follower.look();
    rename('access.log', 'access.1.log');
    append(join(folder, 'access.1.log'), 6, 6);
    await follower.look();
    append(log, 7, 7);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 7));
  });

  it('with an older neighbour beside it from the start', async () => {
    append(join(folder, 'access.1.log'), 1, 3);
    append(log, 4, 8);
    const follower = new Follower(log);
    await follower.look();
    append(log, 9, 10);
    rename('access.1.log', 'access.2.log');
    rename('access.log', 'access.1.log');
    append(log, 11, 11);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 11));
  });

  it.each(['access.log-20261120_10', 'access-2026-11-20T10-00-09.417-size.log'])(
    'renamed at once to %s, then packed',
    async (name) => {
      for (const pattern of ['access.log', '*.log']) {
        fs.rmSync(folder, { recursive: true });
        fs.mkdirSync(folder);
        append(log, 1, 5);
        const follower = new Follower(join(folder, pattern));
        await follower.look();
        append(log, 6, 7);
        rename('access.log', name);
        append(log, 8, 8);
        await follower.look();
        gzip(join(folder, name));
        await follower.look();
        expect(follower.lines).toEqual(numbered(1, 8));
      }
    },
  );
});

describe('one file under several names is read once', () => {
  it.skipIf(onWindows).each([
    ['a symbolic link', fs.symlinkSync],
    ['a hard link', fs.linkSync],
  ])('%s beside its target', async (_, link) => {
    const target = join(folder, 'access-2026-11-20.log');
    append(target, 1, 5);
    link(target, log);
    const follower = new Follower(join(folder, '*.log'));
    await follower.look();
    append(target, 6, 7);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 7));
  });

  it.skipIf(onWindows)('links to the next file each day', async () => {
    const follower = new Follower(join(folder, '*.log'));
    for (const day of [20, 21, 22]) {
      const target = join(folder, `access-2026-11-${day}.log`);
      append(target, day, day);
      fs.rmSync(log, { force: true });
      fs.symlinkSync(target, log);
      await follower.look();
      await follower.look();
    }
    expect(follower.lines).toEqual(numbered(20, 22));
  });

  it.skipIf(onWindows)('two links to a file elsewhere, of which one goes', async () => {
    const elsewhere = join(folder, 'data');
    fs.mkdirSync(elsewhere);
    append(join(elsewhere, 'real'), 1, 3);
    fs.symlinkSync(join(elsewhere, 'real'), join(folder, 'a.log'));
    fs.symlinkSync(join(elsewhere, 'real'), join(folder, 'b.log'));
    const follower = new Follower(join(folder, '*.log'));
    await follower.look();
    fs.rmSync(join(folder, 'a.log'));
    append(join(elsewhere, 'real'), 4, 4);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 4));
  });

  it('a path and a glob that both name it, in a list', async () => {
    append(log, 1, 2);
    append(join(folder, 'other.log'), 3, 3);
    for (const setting of [`${log},${folder}/*.log`, `${log} ${folder}/other.log`]) {
      const follower = new Follower(setting);
      expect(await follower.look()).toEqual([]);
      expect(follower.lines.toSorted()).toEqual(numbered(1, 3));
    }
  });

  it('a name with a blank in it is one name', async () => {
    const path = join(folder, 'my access.log');
    append(path, 1, 1);
    const follower = new Follower(path);
    expect(await follower.look()).toEqual([]);
    expect(follower.lines).toEqual(['line 1']);
  });
});

describe('packed neighbours', () => {
  it.each([
    ['.xz', ['xz']],
    ['.bz2', ['bzip2']],
    ['.zst', ['zstd', '-q', '--rm']],
  ])('%s is read where its program is there', async (ending, [program = '', ...options]) => {
    append(`${log}.2`, 1, 40);
    execFileSync(program, [...options, `${log}.2`]);
    expect(fs.existsSync(`${log}.2${ending}`)).toBe(true);
    append(log, 41, 45);
    const follower = new Follower(log);
    expect(await follower.look()).toEqual([]);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 45));
  });

  it('one that was rotated and packed meanwhile is known again', async () => {
    append(log, 1, 3);
    const follower = new Follower(log);
    await follower.look();
    append(log, 4, 4);
    fs.renameSync(log, `${log}.1`);
    execFileSync('xz', [`${log}.1`]);
    append(log, 5, 5);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 5));
  });

  it('a damaged one is read as far as it goes, and said', async () => {
    append(`${log}.2`, 1, 4_000);
    execFileSync('xz', ['-0', '--block-size=4096', `${log}.2`]);
    const packed = fs.readFileSync(`${log}.2.xz`);
    fs.writeFileSync(`${log}.2.xz`, packed.subarray(0, packed.length - 2_000));
    append(log, 4_001, 4_001);
    const follower = new Follower(log);
    await follower.look();
    expect(follower.errors).toMatchObject([{ reason: 'TRUNCATED' }]);
    expect(follower.lines.slice(0, 10)).toEqual(numbered(1, 10));
    expect(new Set(follower.lines).size).toBe(follower.lines.length);
  });

  it('without its program it is named once, with a command that unpacks it', async () => {
    append(`${log}.2`, 1, 40);
    execFileSync('xz', [`${log}.2`]);
    append(log, 41, 45);
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      const follower = new Follower(log);
      for (let round = 0; round < 2; round++) {
        expect(await follower.look()).toMatchObject([
          {
            code: 'UNSUPPORTED',
            path: `${log}.2.xz`,
            message: expect.stringContaining(`xz -d ${log}.2.xz`),
          },
        ]);
      }
      expect(follower.lines).toEqual(numbered(41, 45));
    } finally {
      process.env.PATH = path;
    }
  });
});

describe('NULs of a file that was truncated under its writer', () => {
  it.each([3, 700, 9_000])(
    '%i lines copied and truncated, then 3 more at the old end',
    async (count) => {
      for (const seenEmpty of [false, true]) {
        fs.rmSync(folder, { recursive: true });
        fs.mkdirSync(folder);
        fs.writeFileSync(
          log,
          `${numbered(1, count)
            .map((line) => line.padEnd(160, '.'))
            .join('\n')}\n`,
        );
        const follower = new Follower(log);
        await follower.look();
        const { size } = fs.statSync(log);
        const writer = fs.openSync(log, 'r+');
        fs.copyFileSync(log, `${log}.1`);
        fs.truncateSync(log);
        if (seenEmpty) await follower.look();
        const more = `${numbered(count + 1, count + 3).join('\n')}\n`;
        fs.writeSync(writer, more, size);
        await follower.look();
        fs.writeSync(writer, `line ${count + 4}\n`, size + more.length);
        fs.closeSync(writer);
        await follower.look();
        expect(follower.lines.map((line) => line.replace(/\.+$/, ''))).toEqual(
          numbered(1, count + 4),
        );
      }
    },
  );

  it('in neighbours that are read at a first start, however many', async () => {
    fs.writeFileSync(`${log}.1`, `${'\0'.repeat(5_000)}line 3\nline 4\n`);
    fs.writeFileSync(`${log}.2.gz`, gzipSync(`${'\0'.repeat(200_000)}line 1\nline 2\n`));
    fs.writeFileSync(`${log}.3.gz`, gzipSync(`${'\0'.repeat(3_000_000)}line 0\n`));
    append(log, 5, 5);
    const follower = new Follower(log);
    await follower.look();
    expect(follower.lines).toEqual(numbered(0, 5));
  });

  it('and in the middle of a file, as a lost power supply leaves them', async () => {
    fs.writeFileSync(log, `line 1\n${'\0'.repeat(2_500_000)}line 2\nline 3\n`);
    const follower = new Follower(log);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 3));
    expect(follower.positions).toEqual(['1:0', '1:2500007', '1:2500014']);
  });
});
