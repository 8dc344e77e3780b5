import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oldestFirst, rotatedName } from './rotation';
import { append, Follower, gzip, numbered } from './test-follower';

let folder: string;
let log: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'follow-'));
  log = join(folder, 'access.log');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('every line once, in order', () => {
  it('through renaming, with late lines for the old file', async () => {
    const follower = new Follower(log);
    append(log, 1, 3);
    await follower.look();
    fs.renameSync(log, `${log}.1`);
    append(`${log}.1`, 4, 5);
    await follower.look();
    append(`${log}.1`, 6, 6);
    append(log, 7, 8);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 8));
  });

  it('through two rotations and a compression between two looks, over a restart', async () => {
    const first = new Follower(log);
    append(log, 1, 3);
    await first.look();
    append(log, 4, 4);
    fs.renameSync(log, `${log}.1`);
    append(log, 5, 6);
    fs.renameSync(`${log}.1`, `${log}.2`);
    gzip(`${log}.2`);
    fs.renameSync(log, `${log}.1`);
    append(log, 7, 7);
    const second = first.restarted();
    await second.look();
    gzip(`${log}.1`);
    await second.look();
    await second.look();
    expect(second.lines).toEqual(numbered(1, 7));
  });

  it('through copytruncate, looked at before, between and after', async () => {
    const follower = new Follower(log);
    append(log, 1, 3);
    await follower.look();
    append(log, 4, 4);
    fs.copyFileSync(log, `${log}.1`);
    await follower.look();
    fs.truncateSync(log);
    await follower.look();
    append(log, 5, 6);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 6));
  });

  it('through copytruncate while nobody looked, even when the log outgrew its former size', async () => {
    const follower = new Follower(log);
    append(log, 1, 3);
    await follower.look();
    append(log, 4, 4);
    fs.copyFileSync(log, `${log}.1`);
    fs.truncateSync(log);
    append(log, 5, 40);
    await follower.restarted().look();
    expect(follower.lines).toEqual(numbered(1, 40));
  });

  it('when an inode is used again', async () => {
    const follower = new Follower(log);
    append(log, 1, 3);
    await follower.look();
    fs.writeFileSync(log, `${numbered(4, 30).join('\n')}\n`);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 30));
  });

  it('on a first start among rotated and compressed neighbours, oldest first', async () => {
    append(`${log}.10`, 1, 2);
    gzip(`${log}.10`);
    append(`${log}.2`, 3, 4);
    gzip(`${log}.2`);
    append(`${log}.1`, 5, 6);
    append(log, 7, 8);
    const follower = new Follower(log);
    await follower.look();
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 8));
  });

  it('with dated neighbours, oldest first', async () => {
    append(`${log}-20251020`, 1, 1);
    gzip(`${log}-20251020`);
    append(`${log}-20251021`, 2, 2);
    append(log, 3, 3);
    const follower = new Follower(log);
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 3));
  });

  it('when a line comes in parts, a file comes late, or a file is empty at first', async () => {
    const follower = new Follower(log);
    expect(await follower.look()).toMatchObject([{ code: 'ENOENT' }]);
    fs.writeFileSync(log, '');
    await follower.look();
    fs.appendFileSync(log, 'line 1\nli');
    await follower.look();
    expect(follower.lines).toEqual(['line 1']);
    fs.appendFileSync(log, 'ne 2\n');
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 2));
  });

  it('leaves the past alone when asked to, and nothing that comes later', async () => {
    append(`${log}.1`, 1, 2);
    append(log, 3, 4);
    const follower = new Follower(log);
    await follower.look(false);
    append(log, 5, 6);
    await follower.look();
    fs.renameSync(`${log}.1`, `${log}.2`);
    gzip(`${log}.2`);
    fs.renameSync(log, `${log}.1`);
    append(log, 7, 7);
    await follower.look();
    expect(follower.lines).toEqual(numbered(5, 7));
  });

  it('a glob takes rotated names for neighbours, not for logs, and goes through folders', async () => {
    fs.mkdirSync(join(folder, 'site'));
    append(join(folder, 'site', 'access.log'), 2, 2);
    append(join(folder, 'site', 'access.log.1'), 1, 1);
    const follower = new Follower(join(folder, 's*', 'access.log*'));
    await follower.look();
    await follower.look();
    expect(follower.lines).toEqual(numbered(1, 2));
    expect([...follower.records.values()].map((one) => one.log)).toEqual(
      Array(2).fill(join(folder, 'site', 'access.log')),
    );
  });
});

describe('names of old files', () => {
  it.each([
    ['access.log', '.0', '.0.bz2', '.2.zst', '.2.zstd', '.2.lzma', '-20261120T140000Z', '-261120'],
    ['access.log', '-2026_11_20', '-2026-11', '-202611', '-20-11-2026', '.20.11.2026.gz'],
    ['access.log', '-20261120.1.gz', '.2026-11-20.3', '-2026-11-20_14-00-05', '.1795168800'],
    ['access_log', '.2026-11-20-14_00_00', '_20261120', '.1795132800.gz'],
  ])('%s: %s %s %s …', (base, ...endings) => {
    const bases = endings.map((ending) => rotatedName(base + ending)?.base);
    expect(bases).toEqual(endings.map(() => base));
  });

  it.each([
    'access__2026-11-20_00-00-00.log',
    'access-202611.log.gz',
    'access.2026-11-20.2.log',
    'access-20.11.2026.log',
  ])('%s has the stamp before the extension', (name) => {
    expect(rotatedName(name)).toMatchObject({ base: 'access.log', within: true });
  });

  it('days come before later ones, however they are written', () => {
    const files = ['20-11-2026', '21-11-2026', '01-12-2026'].map((stamp) => ({
      ...{ path: `access.log-${stamp}`, stamp, rotated: true, modified: 0 },
    }));
    expect(oldestFirst(files)).toEqual([0, 1, 2]);
  });
});
