import { appendFile, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ingest } from '../collect/ingest';
import type { Stores } from '../store/ports/stores';
import { openDatabase } from '../store/sqlite/driver';
import { MIGRATIONS } from '../store/sqlite/schema';
import { openSqliteStores } from '../store/sqlite/stores';

const ALL = { bots: true, nonTailnet: true };
const RANGE = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
const FORMAT = '$remote_addr ~ $time_local ~ $request ~ $status ~ $body_bytes_sent ~ $request_time';
const usual = (name: string) =>
  `100.64.2.1 - - [20/Nov/2026:10:00:00 +0000] "GET /${name} HTTP/1.1" 200 99 "-" "Mozilla/5.0"\n`;
const odd = (name: string) =>
  `100.64.2.1 ~ 20/Nov/2026:10:00:10 +0000 ~ GET /${name} HTTP/1.1 ~ 200 ~ 51 ~ 0.120\n`;

describe('lines that were rejected are read again when their format becomes known', () => {
  let folder: string;
  let log: string;
  let store: Stores;
  const open = () => openSqliteStores(path.join(folder, 'data', 'observatory.sqlite'));
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'reread-'));
    log = path.join(folder, 'access.log');
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  /** Starts an ingest of its own with the same data, for two passes over the logs. */
  const start = async (format?: string) => {
    await store.close();
    store = await open();
    const ingest = new Ingest(store, { pattern: log, format, backfill: true });
    await ingest.run();
    await ingest.run();
    return ingest;
  };
  const stored = async () => {
    const { hits } = await store.accesses.hits(RANGE, ALL, 1000, null);
    const { totalAccesses } = await store.accesses.usage(RANGE, ALL);
    expect(totalAccesses).toBe(hits.length);
    const { total } = await store.rejectedLines.rejected();
    return [
      hits
        .map((hit) => hit.path?.slice(1))
        .sort()
        .join(' '),
      total,
    ];
  };

  it('02: the format is set later: the history appears, once, and what counted before stays', async () => {
    await writeFile(log, usual('before') + odd('a') + odd('b') + odd('c'));
    await start();
    expect(await stored()).toEqual(['before', 3]);
    await start(FORMAT);
    expect(await stored()).toEqual(['a b before c', 0]);
    await start(FORMAT);
    expect(await stored()).toEqual(['a b before c', 0]);
    await appendFile(log, odd('d'));
    await start(FORMAT);
    expect(await stored()).toEqual(['a b before c d', 0]);
    // And back: the line that only the configured format rejects.
    await appendFile(log, usual('e'));
    await start(FORMAT);
    expect(await stored()).toEqual(['a b before c d', 1]);
    await start();
    expect(await stored()).toEqual(['a b before c d e', 0]);
  });

  it('the same in rotated neighbours, packed ones too, under whatever name they are by now', async () => {
    await writeFile(`${log}.2.gz`, gzipSync(odd('a') + usual('b')));
    await writeFile(`${log}.1`, odd('c') + odd('d') + usual('e'));
    await writeFile(log, usual('f') + odd('g'));
    await start();
    expect(await stored()).toEqual(['b e f', 4]);
    await rename(`${log}.2.gz`, `${log}.3.gz`);
    await rename(`${log}.1`, `${log}.2`);
    await rename(log, `${log}.1`);
    await writeFile(log, odd('h'));
    await start(FORMAT);
    expect(await stored()).toEqual(['a b c d e f g h', 0]);
    await start(FORMAT);
    expect(await stored()).toEqual(['a b c d e f g h', 0]);
  });

  it('a format that does not fit them leaves them rejected, and the right one is tried after it', async () => {
    await writeFile(log, odd('a') + odd('b'));
    await start();
    await start('$remote_addr ~ $time_local ~ $status');
    expect(await stored()).toEqual(['', 2]);
    const { samples } = await store.rejectedLines.rejected();
    expect(samples).toHaveLength(2);
    await start(FORMAT);
    expect(await stored()).toEqual(['a b', 0]);
  });

  it('many lines, over several chunks, between lines that were hits', async () => {
    const lines = Array.from({ length: 30_000 }, (_, n) =>
      n % 5_000 === 4_999 ? usual(`x${n}`) : odd(`x${n}`),
    );
    await writeFile(log, lines.join(''));
    await start();
    expect((await store.accesses.totals(RANGE, ALL)).hits).toBe(6);
    await start(FORMAT);
    expect((await store.accesses.totals(RANGE, ALL)).hits).toBe(30_000);
    expect((await store.rejectedLines.rejected()).total).toBe(0);
    expect(await store.ingest.rejectedRanges()).toEqual([]);
  });

  it('those that an older version kept samples of are read again too', async () => {
    await store.close();
    await writeFile(log, odd('a') + usual('b') + odd('c'));
    const database = path.join(folder, 'data', 'observatory.sqlite');
    await rm(database);
    const before = MIGRATIONS.findIndex((step) => step.includes('CREATE TABLE rejected_ranges'));
    const db = await openDatabase(database);
    for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
    db.exec(`PRAGMA user_version=${before}`);
    const { dev, ino, size } = await stat(log);
    const fingerprint = (await readFile(log)).toString('base64');
    db.prepare('INSERT INTO files VALUES (1, ?, ?, ?, ?, ?, ?, 0)').run(
      log,
      log,
      dev,
      ino,
      fingerprint,
      size,
    );
    const rejected = db.prepare(
      "INSERT INTO rejected (file, \"offset\", line, reason, noticed_at) VALUES (1, ?, '', 'odd', 0)",
    );
    for (const offset of [0, odd('a').length + usual('b').length]) rejected.run(offset);
    db.exec("UPDATE state SET value = '2' WHERE key = 'rejected_total'");
    db.close();
    store = await open();
    await start(FORMAT);
    expect(await stored()).toEqual(['a c', 0]);
    await start(FORMAT);
    expect(await stored()).toEqual(['a c', 0]);
  });
});
