import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Connection } from '../../../lib/domain/connection';
import { HitBatch } from '../../../lib/rollup/hit-batch';
import {
  type InfluxCollectorStores,
  openInfluxStores,
} from '../../../lib/store/influx/collector-stores';
import { replicaHistories } from '../../../lib/store/influx/replica/histories';
import type { Histories } from '../../../lib/store/ports/stores';
import { DAY, HOUR } from '../../../lib/util/time';
import { ownBuckets } from './lab-influx';

/** What a name, a path or a host may be when it is meant to do harm, or is just unusual. */
const HOSTILE = [
  'a\\',
  'a\\\\',
  'a,user=root',
  'a b=1',
  'a" or true or r.user == "',
  '"); from(bucket: "analytics") |> drop(columns: ["x"]) //',
  `\${r._value}`,
  '#{1+1}',
  "' OR 1=1 --",
  'new\nline',
  'tab\tand\rreturn',
  '\u0000nul',
  '名前 ñ 🙂',
  '\ud800 half',
  'x'.repeat(5_000),
  ' ',
  '-',
  '__proto__',
  'constructor',
];
const T0 = Math.floor(Date.now() / HOUR) * HOUR - 6 * HOUR;
const RANGE = { from: T0, to: T0 + DAY };
const ALL = { bots: true, nonTailnet: true };

let folder: string;
let buckets: Awaited<ReturnType<typeof ownBuckets>>;
let store: InfluxCollectorStores;
let replica: Histories;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hostile-'));
  buckets = await ownBuckets('hostile');
  const file = path.join(folder, 'collector.sqlite');
  store = await openInfluxStores(file, buckets.influx, 'lab', {
    rawDays: 30,
    rollupDays: 730,
  });
  replica = replicaHistories(buckets.influx);
  const hits = HOSTILE.map((text, i) => ({
    position: { file: 1, offset: i },
    time: T0 + i * 1_000,
    ip: `100.64.1.${i + 1}`,
    method: text,
    path: text,
    endpoint: text,
    host: null,
    status: 200,
    responseMs: 1,
    bytes: 1,
    client: 'browser' as const,
  }));
  await store.ingest.commit({ hits: HitBatch.of(hits), rejected: [], checkpoints: [] });
  const visitors = await store.visitors.visitorsToIdentify({ unknown: 1, known: 1 }, 100);
  for (const visitor of visitors) {
    const text = HOSTILE[Number(visitor.ip.split('.')[3]) - 1] ?? '';
    await store.visitors.identify(
      visitor.id,
      { nodeId: text, device: text, user: text, userName: text },
      T0,
    );
  }
  const round = (text: string, i: number): Connection => ({
    time: T0 + i,
    nodeId: text,
    hostname: text,
    connectionType: 'relay',
    relayNode: text,
    endpoint: text,
    latencyAvg: 1,
    latencyMin: 1,
    latencyMax: 1,
    jitter: 0,
    sent: 5,
    received: 5,
    txBytes: 1,
    rxBytes: 1,
  });
  await store.connections.addConnections(HOSTILE.map(round));
  await store.paths.observePaths(
    HOSTILE.map((text) => ({ nodeId: text, hostname: text, time: T0, path: 'direct' as const })),
  );
  await store.events.addEvents(
    HOSTILE.map((text, i) => ({
      ...{ time: T0 + i, kind: 'node_added' as const, nodeId: text, hostname: text },
      ...{ before: text, after: text },
    })),
  );
  expect(await store.sender.drain(undefined, false)).toBe(true);
});
afterAll(async () => {
  await store.close();
  await buckets.remove();
  await rm(folder, { recursive: true, force: true });
});

const stored = (text: string) => Buffer.from(text).toString();

it('takes every point', () => {
  expect(store.sender.rejected.summary()).toEqual({ total: 0, samples: [] });
  expect(store.sender.state()).toMatchObject({ points: 0, error: null });
});

// SQLite, where names wait, ends a text at NUL, and UTF-8 has no half characters: such names do no harm, no more.
const named = HOSTILE.map((text, i) => [text, i] as const).filter(
  ([text]) => !/[\0\ud800]/.test(text),
);

it.each(named.map(([text, i]) => [JSON.stringify(text).slice(0, 40), text, i] as const))(
  'finds %s by its exact user, device and endpoint, and nothing else',
  async (_, text, i) => {
    const name = stored(text);
    for (const filter of [{ user: name }, { device: name }, { endpoint: name }]) {
      const usage = await replica.accesses.usage(RANGE, { ...ALL, ...filter });
      expect(usage.totalAccesses).toBe(1);
      const { hits } = await replica.accesses.hits(RANGE, { ...ALL, ...filter }, 10, null);
      expect(hits).toMatchObject([
        { time: T0 + i * 1_000, user: name, device: name, endpoint: name },
      ]);
    }
    const all = await replica.connections.recentRounds(name, 9);
    expect(all).toHaveLength(1);
    expect(all[0]?.hostname).toBe(name);
    expect(await replica.paths.pathSpans([name], RANGE)).toHaveLength(1);
    const { events } = await replica.events.events(RANGE, { nodeId: name }, 9, null);
    expect(events.map((event) => event.after)).toEqual([name]);
    const history = await replica.connections.latencyHistory(name, RANGE, 300_000);
    expect(history.filter((point) => point.latencyMs !== null)).toHaveLength(1);
  },
);
