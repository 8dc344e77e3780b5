import { appendFile, copyFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ingest } from '../collect/ingest';
import { spoken } from '../domain/said';
import { inLanguage } from '../i18n/on-server';
import { StoreUnavailable } from '../store/ports/store-unavailable';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';

const ALL = { bots: true, nonTailnet: true };
const RANGE = { from: Date.UTC(2026, 9, 1), to: Date.UTC(2026, 11, 1) };
const line = (name: string) =>
  `100.64.0.2 - - [23/Nov/2026:23:06:15 +0000] "GET /${name} HTTP/1.1" 200\n`;
const lines = (prefix: string, n: number) =>
  Array.from({ length: n }, (_, i) => line(`${prefix}${i}`)).join('');

describe('taking a log into the store', () => {
  let folder: string;
  let log: string;
  let store: Stores;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ingest-'));
    log = path.join(folder, 'access.log');
    store = await openSqliteStores(path.join(folder, 'data', 'observatory.sqlite'));
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const ingest = (backfill = true) =>
    new Ingest(store, { pattern: log, format: undefined, backfill });
  const paths = async () => {
    const { hits } = await store.accesses.hits(RANGE, ALL, 1000, null);
    return hits.map((hit) => hit.path?.slice(1)).sort();
  };

  it('takes what is appended, and only that, at each pass', async () => {
    const follower = ingest();
    await writeFile(log, line('a') + line('b'));
    await follower.run();
    await appendFile(log, `${line('c')}100.64.0.2 - - [23/Nov/2026:23:06`);
    await follower.run();
    expect(await paths()).toEqual(['a', 'b', 'c']);
    await appendFile(log, ':16 +0000] "GET /d HTTP/1.1" 200\n');
    await follower.run();
    expect(await paths()).toEqual(['a', 'b', 'c', 'd']);
    expect(follower.state.hits).toBe(4);
  });

  it('goes on where the one before it stopped', async () => {
    await writeFile(log, line('a'));
    await ingest().run();
    await appendFile(log, line('b'));
    await ingest().run();
    expect(await paths()).toEqual(['a', 'b']);
  });

  it('loses and doubles nothing through renaming, copying and packing, seen or unseen', async () => {
    const follower = ingest();
    await writeFile(log, line('a'));
    await follower.run();
    // Renamed, with a line still written to the old file, and packed before the next pass.
    await appendFile(log, line('b'));
    await rename(log, `${log}.1`);
    await writeFile(log, line('c'));
    await follower.run();
    await writeFile(`${log}.2.gz`, gzipSync(line('a') + line('b')));
    await rm(`${log}.1`);
    // Copied and truncated.
    await appendFile(log, line('d'));
    await copyFile(log, `${log}.1`);
    await truncate(log);
    await appendFile(log, line('e'));
    await follower.run();
    await ingest().run();
    expect(await paths()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('reads the rotated neighbours at a first start, or nothing of the past when the setting says so', async () => {
    await writeFile(`${log}.2.gz`, gzipSync(line('old')));
    await writeFile(`${log}.1`, line('older'));
    await writeFile(log, line('now'));
    const forward = ingest(false);
    await forward.run();
    await appendFile(log, line('next'));
    await forward.run();
    expect(await paths()).toEqual(['next']);
    await store.close();
    await rm(path.join(folder, 'data'), { recursive: true });
    store = await openSqliteStores(path.join(folder, 'data', 'observatory.sqlite'));
    await ingest().run();
    expect(await paths()).toEqual(['next', 'now', 'old', 'older']);
  });

  it('reads a log that appears after the first start from its beginning, set to skip the past or not', async () => {
    const forward = ingest(false);
    await forward.run();
    await writeFile(log, line('first'));
    await forward.run();
    expect(await paths()).toEqual(['first']);
  });

  it('says which file is damaged, reads the rest, and tries again once it changes', async () => {
    const whole = gzipSync(lines('a', 5000));
    await writeFile(`${log}.2.gz`, whole.subarray(0, whole.length / 2));
    await writeFile(log, line('b'));
    const follower = ingest();
    await follower.run();
    const shown = follower.state.files.find((file) => file.path.endsWith('.gz'));
    expect(shown?.error).toContain('.2.gz');
    expect(inLanguage('es', () => shown?.errorSaid && spoken(shown.errorSaid))).toContain(
      'termina en medio de sus datos comprimidos',
    );
    expect((await store.accesses.totals(RANGE, ALL)).hits).toBeGreaterThan(1);
    await writeFile(`${log}.2.gz`, whole);
    await follower.run();
    expect((await store.accesses.totals(RANGE, ALL)).hits).toBe(5001);
  });

  it('counts and keeps what it cannot read', async () => {
    await writeFile(log, `${line('a')}what is this\n${'x'.repeat(70_000)}\n${line('b')}`);
    await ingest().run();
    expect(await paths()).toEqual(['a', 'b']);
    const { total, samples } = await store.rejectedLines.rejected();
    expect(total).toBe(2);
    expect(samples.map((s) => s.line)).toContain('what is this');
  });

  it('stores everything once after the store could not take it for a while', async () => {
    const follower = ingest();
    await writeFile(log, lines('a', 10));
    await follower.run();
    await appendFile(log, lines('b', 10));
    const { commit } = store.ingest;
    store.ingest.commit = async () => {
      throw new StoreUnavailable('full', 'the disk is full');
    };
    await expect(follower.run()).rejects.toThrow('the disk is full');
    await expect(follower.run()).rejects.toThrow('the disk is full');
    store.ingest.commit = commit;
    await appendFile(log, lines('c', 10));
    await follower.run();
    expect(await paths()).toHaveLength(30);
    expect(new Set(await paths()).size).toBe(30);
  });

  it('says a format that cannot work at the start', () => {
    const bad = { pattern: log, format: '$status', backfill: true };
    expect(() => new Ingest(store, bad)).toThrow('remote_addr');
  });
});
