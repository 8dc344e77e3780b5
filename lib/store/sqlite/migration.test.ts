import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HitBatch } from '../../rollup/hit-batch';
import { HitBlockBuilder } from '../../rollup/hit-block';
import { emptyRow } from '../../rollup/hit-row';
import { HOURLY } from '../../rollup/resolutions';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import { aHit } from '../contract/samples';
import { type Database, openDatabase } from './driver';
import { MIGRATIONS } from './schema';
import { openSqliteStores } from './stores';

const T0 = Date.UTC(2026, 10, 20);

/** An alert as version 5 wrote it, with the host name in its topic. */
type Old = { id: number; rule: string; topic: string; nodeId: string; hostname: string };
const alertJson = ({ id, rule, topic, nodeId, hostname }: Old, state = 'firing') => ({
  id,
  rule,
  topic,
  nodeId,
  hostname,
  state,
  severity: 'critical',
  title: `${hostname} is offline`,
  evidence: [],
  since: T0,
  firedAt: T0,
  resolvedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
});

/** The endpoints as version 8 had them, without hosts. */
it('the migration of endpoints keeps their numbers, which blocks and roll-ups refer to', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'migration-'));
  const file = path.join(folder, 'observatory.sqlite');
  const db = await openDatabase(file);
  for (const step of MIGRATIONS.slice(0, 8)) db.exec(step);
  db.exec(
    `PRAGMA user_version=8; INSERT INTO endpoints VALUES (1, '/'), (2, '/a'), (7, '(other)')`,
  );
  const block = new HitBlockBuilder(T0);
  const counts = new RollUpBuilder();
  for (const endpoint of [1, 2, 2, 7]) {
    const row = { ...emptyRow(), time: T0, offset: endpoint, visitor: 1, endpoint };
    block.add(row);
    counts.add(row);
  }
  db.exec(`INSERT INTO visitors (id, ip, kind, current) VALUES (1, '100.64.0.2', 'tailnet', 1)`);
  db.prepare('INSERT INTO hit_blocks (hour, n, hits) VALUES (?, 4, ?)').run(T0, block.pack());
  const { rows, details } = counts.pack();
  db.prepare('INSERT INTO rollups (step, start, cells, details) VALUES (?, ?, ?, ?)').run(
    ...[HOURLY, T0, rows, details],
  );
  db.close();
  const stores = await openSqliteStores(file);
  const range = { from: T0, to: T0 + 24 * HOURLY };
  const counted = async () => {
    const usage = await stores.accesses.usage(range, { bots: false, nonTailnet: false });
    return usage.topEndpoints.map(({ host, endpoint, hits }) => [host, endpoint, hits]);
  };
  const before = [
    [null, '/a', 2],
    [null, '/', 1],
    [null, '(other)', 1],
  ];
  expect(await counted()).toEqual(before);
  const hit = aHit(100, { time: T0 + HOURLY, endpoint: '/a', host: 'git.example.org' });
  await stores.ingest.commit({ hits: HitBatch.of([hit]), rejected: [], checkpoints: [] });
  expect((await counted()).at(-1)).toEqual(['git.example.org', '/a', 1]);
  expect(await counted()).toHaveLength(before.length + 1);
  await stores.close();
  await rm(folder, { recursive: true, force: true });
});

it('the migration to counters begins with what has travelled so far', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'migration-'));
  const file = path.join(folder, 'observatory.sqlite');
  const db = await openDatabase(file);
  const before = MIGRATIONS.findIndex((step) => step.includes('CREATE TABLE traffic_totals'));
  for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
  db.exec(`PRAGMA user_version=${before};
    INSERT INTO traffic_keys VALUES (1, 'n1', 'nas', 'alice', 'Alice', 'relay', 'fra'),
      (2, 'n1', 'nas', 'alice', 'Alice', 'relay', 'nyc'), (3, '', '', '', '', 'relay', '');
    INSERT INTO traffic VALUES ('day', 0, 1, ${2 ** 50}, 5, 0), ('day', 0, 2, 1, 6, 0),
      ('hour', 0, 1, 7, 7, 0), ('day', 0, 3, 9, 9, 0)`);
  db.close();
  const stores = await openSqliteStores(file);
  expect(await stores.traffic.trafficTotals()).toEqual([
    { nodeId: 'n1', path: 'relay', rxBytes: 2 ** 50 + 1, txBytes: 11 },
  ]);
  expect((await stores.hitCounters.hitCounters(true)).hosts).toEqual([]);
  await stores.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the migration of alerts from host names to ids', () => {
  let folder: string;
  let file: string;
  let db: Database;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'migration-'));
    file = path.join(folder, 'observatory.sqlite');
    db = await openDatabase(file);
    for (const step of MIGRATIONS.slice(0, 5)) db.exec(step);
    db.exec('PRAGMA user_version=5');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const addAlert = (old: Old, state: string) =>
    db
      .prepare(
        `INSERT INTO alerts (id, rule, topic, node_id, hostname, state, severity, title, evidence, since, fired_at,
         resolved_at, bad, good, told) VALUES (?, ?, ?, ?, ?, ?, 'critical', ?, '[]', ?, ?, ?, 1, 0, 1)`,
      )
      .run(
        old.id,
        old.rule,
        old.topic,
        old.nodeId,
        old.hostname,
        state,
        `${old.hostname} is offline`,
        T0 + old.id,
        state === 'pending' ? null : T0 + old.id,
        state === 'resolved' ? T0 + 60_000 : null,
      );
  const addNotice = (old: Old, kind: string) =>
    db
      .prepare('INSERT INTO alert_notices (channel, alert, topic, notice) VALUES (?, ?, ?, ?)')
      .run('telegram', old.id, old.topic, JSON.stringify({ kind, alert: alertJson(old), at: T0 }));
  const addMute = (topic: string | null, nodeId: string | null) =>
    db
      .prepare(
        'INSERT INTO alert_mutes (topic, node_id, start, "end", reason, by) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(topic, nodeId, T0, T0 + 3_600_000, 'rebuilt', 'alice');
  const addRound = (nodeId: string, hostname: string) =>
    db
      .prepare(
        `INSERT INTO connections VALUES (?, ?, ?, 'direct', 'none', NULL, 1, 1, 1, 0, 5, 5, 0, 0)`,
      )
      .run(T0, nodeId, hostname);
  const opened = async () => {
    db.close();
    return openSqliteStores(file);
  };

  const nas = { id: 1, rule: 'offline', topic: 'offline_nas', nodeId: 'nNAS', hostname: 'nas' };
  const git = { id: 2, rule: 'relayed', topic: 'relay_git', nodeId: 'nGIT', hostname: 'git' };

  it('keeps open alerts, and what is waiting to be sent, under their new topics', async () => {
    addAlert(nas, 'firing');
    addAlert(git, 'pending');
    addNotice(nas, 'fired');
    db.prepare("INSERT INTO alert_topics VALUES ('telegram', 'offline_nas', ?)").run(T0);
    db.prepare("INSERT INTO alert_topics VALUES ('telegram', 'tailscaled', ?)").run(T0);
    const stores = await opened();
    const open = await stores.alerts.openAlerts();
    expect(open.map(({ alert, notified }) => [alert.id, alert.topic, notified])).toEqual([
      [1, 'offline_nNAS', true],
      [2, 'relay_nGIT', true],
    ]);
    const [waiting] = await stores.notices.waiting('telegram');
    expect(waiting?.notice.alert.topic).toBe('offline_nNAS');
    expect(waiting?.lastNotified).toBe(T0);
    await stores.close();
    db = await openDatabase(file);
    const topics = db.prepare('SELECT topic FROM alert_topics ORDER BY topic').all();
    expect(topics.map(({ topic }) => topic)).toEqual(['offline_nNAS', 'tailscaled']);
    db.close();
  });

  it('keeps a composed message, in its order, so that its topics rest once it is sent', async () => {
    addAlert(nas, 'firing');
    addAlert(git, 'firing');
    const own = { ...alertJson({ ...nas, id: 3 }), rule: 'tailscaled_unreachable' };
    const news = [alertJson(git), { ...own, topic: 'tailscaled', nodeId: null }, alertJson(nas)];
    const message = {
      createdAt: T0,
      news: news.map((alert) => ({ notice: { kind: 'fired', alert, at: T0 }, suppressed: 0 })),
      unconfirmed: 0,
    };
    const empty = { createdAt: T0, news: [], unconfirmed: 0 };
    for (const one of [message, empty]) {
      db.prepare(
        "INSERT INTO alert_messages (channel, message, state) VALUES ('telegram', ?, 'queued')",
      ).run(JSON.stringify(one));
    }
    const stores = await opened();
    const queued = await stores.messages.nextMessage('telegram');
    expect(queued?.message.news.map(({ notice }) => notice.alert.topic)).toEqual([
      'relay_nGIT',
      'tailscaled',
      'offline_nNAS',
    ]);
    await stores.messages.confirmSent(queued?.id ?? 0, T0 + 1);
    expect((await stores.messages.nextMessage('telegram'))?.message).toEqual(empty);
    await stores.close();
    db = await openDatabase(file);
    const notified = db
      .prepare("SELECT told_at FROM alert_topics WHERE topic = 'offline_nNAS'")
      .get();
    expect(notified?.told_at).toBe(T0 + 1);
    db.close();
  });

  it('keeps why a message was not sent, in the words that were noted', async () => {
    const empty = JSON.stringify({ createdAt: T0, news: [], unconfirmed: 0 });
    db.prepare(
      `INSERT INTO alert_messages (channel, message, state, attempted_at, error)
       VALUES ('ntfy', ?, 'failed', ?, 'ntfy answered 400')`,
    ).run(empty, T0);
    const stores = await opened();
    const { lastError, lastErrorSaid } = await stores.channels.channelState('ntfy', T0);
    expect([lastError, lastErrorSaid]).toEqual(['ntfy answered 400', undefined]);
    await stores.close();
  });

  it('keeps mutes: of topics with alerts or without, of several devices of one name, and of devices', async () => {
    addAlert(nas, 'resolved');
    addRound('nA', 'iphone');
    addRound('nB', 'iphone');
    addMute('offline_nas', null);
    addMute('latency_unusual_iphone', null);
    addMute('tailscaled', null);
    addMute(null, 'nNAS');
    const stores = await opened();
    const mutes = await stores.mutes.mutes(T0);
    const kept = mutes.map(({ topic, nodeId, reason }) => [topic, nodeId, reason]);
    expect(kept).toHaveLength(5);
    expect(kept).toEqual(
      expect.arrayContaining([
        ['offline_nNAS', null, 'rebuilt'],
        ['latency_unusual_nA', null, 'rebuilt'],
        ['latency_unusual_nB', null, 'rebuilt'],
        ['tailscaled', null, 'rebuilt'],
        [null, 'nNAS', 'rebuilt'],
      ]),
    );
    await stores.close();
  });

  it('makes one of two open alerts of a renamed device: the one that fires, else the older', async () => {
    addAlert({ ...nas, topic: 'offline_old', hostname: 'old' }, 'pending');
    addAlert({ ...nas, id: 4 }, 'firing');
    addAlert({ ...git, id: 5, topic: 'relay_old', hostname: 'old' }, 'firing');
    addAlert({ ...git, id: 6 }, 'firing');
    const stores = await opened();
    expect((await stores.alerts.openAlerts()).map(({ alert }) => alert.id)).toEqual([4, 5]);
    const { alerts } = await stores.alerts.history({ topic: null, nodeId: null }, 10, null);
    expect(alerts.map(({ id }) => id)).toEqual([6]);
    await stores.close();
  });

  it('does not trip over a host name that is the id of another device', async () => {
    addAlert({ ...nas, hostname: 'db', topic: 'offline_db', nodeId: 'nB' }, 'firing');
    addAlert({ ...nas, id: 2, hostname: 'nB', topic: 'offline_nB', nodeId: 'nC' }, 'firing');
    db.prepare("INSERT INTO alert_topics VALUES ('telegram', 'offline_db', ?)").run(T0);
    const stores = await opened();
    const open = await stores.alerts.openAlerts();
    expect(open.map(({ alert }) => [alert.id, alert.topic])).toEqual([
      [1, 'offline_nB'],
      [2, 'offline_nC'],
    ]);
    await stores.close();
    db = await openDatabase(file);
    const notified = db.prepare('SELECT topic FROM alert_topics').all();
    expect(notified.map(({ topic }) => topic)).toEqual(['offline_nB']);
    db.close();
  });
});
