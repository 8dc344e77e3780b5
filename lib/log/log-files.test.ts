import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../util/time';
import { DEFAULT_LIMITS, LogFiles, listLogFiles } from './log-files';

let folder: string;
let now: number;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'logs-'));
  now = Date.UTC(2026, 10, 25, 8);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const filesWith = (limits: Partial<typeof DEFAULT_LIMITS> = {}) =>
  new LogFiles(folder, { ...DEFAULT_LIMITS, ...limits }, () => now);

/** Returns all lines of the folder, oldest first, unpacked. */
function written(): string[] {
  const texts = listLogFiles(folder)
    .reverse()
    .map(({ path: file, packed }) =>
      packed ? gunzipSync(readFileSync(file)).toString() : readFileSync(file, 'utf8'),
    );
  return texts.join('').split('\n').filter(Boolean);
}

describe('log files', () => {
  it('keep every line once through rotation by size and by age, older files packed', async () => {
    const files = filesWith({ fileBytes: 1_000 });
    const lines = Array.from({ length: 200 }, (_, i) => `line ${i} ${'.'.repeat(40)}`);
    for (const [i, line] of lines.entries()) {
      if (i === 150) now += 2 * DAY;
      files.write(`${line}\n`);
    }
    await files.close();
    expect(written()).toEqual(lines);
    const plain = listLogFiles(folder).filter(({ packed }) => !packed);
    expect(plain).toHaveLength(1);
  });

  it('stay below their total size by deleting the oldest', async () => {
    const limits = { fileBytes: 20_000, totalBytes: 50_000 };
    const files = filesWith(limits);
    for (let i = 0; i < 3_000; i++) files.write(`${i} ${Math.random()} ${Math.random()}\n`);
    await files.close();
    const sizes = listLogFiles(folder).map(({ path: file }) => statSync(file).size);
    expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(limits.totalBytes);
    expect(written().at(-1)).toMatch(/^2999 /);
  });

  it('are deleted when they are too old', async () => {
    const first = filesWith();
    first.write('old\n');
    await first.close();
    now += 31 * DAY;
    const second = filesWith();
    second.write('new\n');
    await second.close();
    expect(written()).toEqual(['new']);
  });

  it('go on after a kill in the middle of a line, which stays a line of its own', async () => {
    const first = filesWith();
    first.write('one\n');
    await first.close();
    writeFileSync(listLogFiles(folder)[0]?.path ?? '', 'cut o', { flag: 'a' });
    const second = filesWith();
    second.write('two\n');
    await second.close();
    expect(written()).toEqual(['one', 'cut o', 'two']);
  });

  it('survive a kill while a file was being packed', async () => {
    const files = filesWith({ fileBytes: 10 });
    files.write('the first line\n');
    const [file] = listLogFiles(folder);
    writeFileSync(`${file?.path}.gz.tmp`, 'half a file');
    files.write('the second line\n');
    await files.close();
    expect(written()).toEqual(['the first line', 'the second line']);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('say what keeps them from being written, go on by themselves, and tell how many lines are missing', async () => {
    const blocked = path.join(folder, 'sub');
    writeFileSync(blocked, 'a file where the folder should be');
    const files = new LogFiles(blocked, DEFAULT_LIMITS, () => now);
    files.write('lost\n');
    files.write('lost too\n');
    expect(files.problem).toMatch(/2 lines of the log are missing there/);
    await rm(blocked);
    files.write('kept\n');
    expect(files.problem).toBeNull();
    await files.close();
    folder = blocked;
    expect(written()[0]).toBe('kept');
    expect(written()[1]).toMatch(/2 lines before this one could not be written/);
    folder = path.dirname(blocked);
  });

  it('belong to their user alone', async () => {
    const inner = path.join(folder, 'logs');
    const files = new LogFiles(inner, DEFAULT_LIMITS, () => now);
    files.write('one\n');
    await files.close();
    expect(statSync(inner).mode & 0o777).toBe(0o700);
    expect(statSync(listLogFiles(inner)[0]?.path ?? '').mode & 0o777).toBe(0o600);
  });

  it('leave other files of the folder alone', async () => {
    mkdirSync(path.join(folder, 'mine'));
    writeFileSync(path.join(folder, 'observatory.log'), 'mine');
    const files = filesWith({ totalBytes: 1 });
    files.write('one\n');
    await files.close();
    expect(existsSync(path.join(folder, 'mine'))).toBe(true);
    expect(existsSync(path.join(folder, 'observatory.log'))).toBe(true);
  });
});
