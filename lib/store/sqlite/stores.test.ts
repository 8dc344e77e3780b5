import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HitBatch } from '../../rollup/hit-batch';
import type { Periods } from '../../rollup/periods';
import { anEvaluation, anOpenAlert } from '../contract/samples';
import { storesContract } from '../contract/stores';
import { type Database, openDatabase } from './driver';
import { SqliteFile } from './file';
import { openSqliteStores, sqliteStores } from './stores';

const open = (folder: string, periods?: Periods) =>
  openSqliteStores(path.join(folder, 'observatory.sqlite'), periods);
storesContract('SQLite', open);

describe('the SQLite store', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sqlite-'));
    file = path.join(folder, 'observatory.sqlite');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const T0 = Date.UTC(2026, 10, 20);
  const hit = (offset: number) => ({
    position: { file: 1, offset },
    time: T0,
    ip: '100.64.0.2',
    method: 'GET',
    path: '/',
    endpoint: '/',
    host: null,
    status: 200,
    responseMs: null,
    bytes: null,
    client: 'browser' as const,
  });
  const range = { from: T0, to: T0 + 1000 };
  const filter = { bots: false, nonTailnet: false };

  it.each(['DELETE', 'WAL'])(
    'leaves a database of a newer version untouched, in mode %s',
    async (mode) => {
      const db = await openDatabase(file);
      db.exec(`CREATE TABLE t (x); PRAGMA user_version=99; PRAGMA journal_mode=${mode}`);
      db.close();
      const before = await readFile(file);
      await expect(openSqliteStores(file)).rejects.toThrow('newer version');
      expect(before.equals(await readFile(file))).toBe(true);
      const db2 = await openDatabase(file);
      expect(db2.prepare('PRAGMA user_version').get()?.user_version).toBe(99);
      expect(db2.prepare('SELECT COUNT(*) AS n FROM sqlite_schema').get()?.n).toBe(1);
      db2.close();
      expect(before.length).toBeGreaterThan(0);
    },
  );

  it('says in words that a file is no database', async () => {
    await import('node:fs/promises').then((fs) => fs.writeFile(file, 'x'.repeat(5000)));
    await expect(openSqliteStores(file)).rejects.toThrow('restore a backup');
  });

  it('shows another connection what it has committed, names included', async () => {
    const writer = await openSqliteStores(file);
    const reader = await openSqliteStores(file);
    await writer.ingest.commit({ hits: HitBatch.of([hit(0)]), rejected: [], checkpoints: [] });
    expect((await reader.accesses.hits(range, filter, 1, null)).hits[0]?.user).toBe('unknown');
    const [visitor] = await writer.visitors.visitorsToIdentify({ unknown: 0, known: 0 }, 1);
    const identity = { nodeId: '1', device: 'git', user: 'bob', userName: 'Bob' };
    await writer.visitors.identify(visitor?.id ?? 0, identity, 1);
    expect((await reader.accesses.hits(range, filter, 1, null)).hits[0]?.user).toBe('bob');
    await writer.close();
    await reader.close();
  });

  it('takes no hit, and loses none, while the disk is full', async () => {
    const opened = await SqliteFile.open(file);
    const { db } = opened;
    const store = sqliteStores(opened);
    const many = (n: number) =>
      HitBatch.of(
        Array.from({ length: n }, (_, i) => ({ ...hit(i), path: `/${i}${'x'.repeat(300)}` })),
      );
    const checkpoint = {
      file: 1,
      log: 'a',
      path: 'a',
      device: 1,
      inode: 1,
      fingerprint: '',
      retired: false,
    };
    const batch = {
      hits: many(5000),
      rejected: [],
      checkpoints: [{ ...checkpoint, offset: 5000 }],
    };
    db.exec('PRAGMA max_page_count=60');
    await expect(store.ingest.commit(batch)).rejects.toThrow('disk is full');
    expect((await store.accesses.totals(range, filter)).hits).toBe(0);
    expect(await store.ingest.checkpoints()).toEqual([]);
    db.exec('PRAGMA max_page_count=100000');
    await store.ingest.commit(batch);
    expect((await store.accesses.totals(range, filter)).hits).toBe(5000);
    await store.close();
  });

  it('says in words that the disk is full, and stores nothing of an evaluation', async () => {
    const opened = await SqliteFile.open(file);
    const { alerts, close } = sqliteStores(opened);
    const changed = Array.from({ length: 2_000 }, (_, i) =>
      anOpenAlert({ id: i + 1, topic: `t${i}`, title: 'x'.repeat(500) }),
    );
    opened.db.exec('PRAGMA max_page_count=60');
    await expect(alerts.saveEvaluation(anEvaluation({ changed }))).rejects.toThrow('disk is full');
    expect(await alerts.openAlerts()).toEqual([]);
    await close();
  });

  it('reads no history whole, neither each minute nor to list devices', async () => {
    const { db } = await SqliteFile.open(file);
    const prepare = db.prepare.bind(db);
    const asked: string[] = [];
    const listening = {
      prepare: (sql: string) => {
        asked.push(sql);
        return prepare(sql);
      },
      exec: db.exec.bind(db),
      close: db.close.bind(db),
    };
    const store = sqliteStores(new SqliteFile(listening as Database, file));
    asked.length = 0;
    await store.maintenance.prune(T0, { rawDays: 90, rollupDays: 400 });
    await store.connections.lastConnections();
    await store.connections.connectionCounts(range);
    const steps = asked.flatMap((sql) =>
      prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => String(detail)),
    );
    expect(steps.join('\n')).toMatch(/SEARCH rollups.*SEARCH connections/s);
    const histories =
      /SCAN (?:rollups|hit_blocks|connections|connection_rollups|path_spans|events)/;
    expect(steps.filter((step) => histories.test(step))).toEqual([]);
    await store.close();
  });

  it('makes a backup that opens as a store', async () => {
    const store = await openSqliteStores(file);
    await store.ingest.commit({ hits: HitBatch.of([hit(0)]), rejected: [], checkpoints: [] });
    const copy = path.join(folder, 'copy.sqlite');
    await store.maintenance.backup(copy);
    await store.close();
    const restored = await openSqliteStores(copy);
    expect((await restored.accesses.totals(range, filter)).hits).toBe(1);
    await restored.close();
  });
});
