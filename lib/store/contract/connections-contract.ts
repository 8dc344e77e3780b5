import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../domain/connection';
import { BadCursor } from '../../domain/errors';
import { HitBatch } from '../../rollup/hit-batch';
import type { Stores } from '../ports/stores';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 10, 20);

const aRound = (time: number, change: Partial<Connection> = {}): Connection => ({
  time,
  nodeId: 'n1',
  hostname: 'git',
  connectionType: 'direct',
  relayNode: 'none',
  endpoint: '203.0.113.3:41641',
  latencyAvg: 10,
  latencyMin: 8,
  latencyMax: 14,
  jitter: 2,
  sent: 5,
  received: 5,
  txBytes: 100,
  rxBytes: 200,
  ...change,
});
const NOTHING = {
  connectionType: 'offline',
  endpoint: null,
  latencyAvg: null,
  latencyMin: null,
  latencyMax: null,
  jitter: null,
  received: 0,
} as const;

/** What every store must do about connections, paths and events. `open` makes an empty one in a folder. */
export function connectionContract(name: string, open: (folder: string) => Promise<Stores>): void {
  describe(`${name} as a store of connections`, () => {
    let folder: string;
    let store: Stores;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'store-'));
      store = await open(folder);
    });
    afterEach(async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('gives back the last round of each node as it was', async () => {
      const git = aRound(T0 + 5 * MINUTE, { ...NOTHING, txBytes: 2 ** 45 });
      const dev = aRound(T0, {
        nodeId: 'n2',
        hostname: 'dev',
        connectionType: 'relay',
        relayNode: 'fra',
      });
      await store.connections.addConnections([aRound(T0), dev]);
      await store.connections.addConnections([git]);
      expect(await store.connections.lastConnections()).toEqual([dev, git]);
      expect(await store.connections.recentRounds('n1', 5)).toEqual([git, aRound(T0)]);
      expect(await store.connections.recentRounds('n1', 1)).toEqual([git]);
    });

    it('counts a round once, however often it is stored', async () => {
      await store.connections.addConnections([aRound(T0)]);
      await store.connections.addConnections([aRound(T0)]);
      const [counts] = await store.connections.connectionCounts({ from: T0, to: T0 + HOUR });
      expect(counts).toMatchObject({ sent: 5, received: 5, rounds: { direct: 1, offline: 0 } });
    });

    it('keeps gaps as gaps, and a round without answers apart from them', async () => {
      await store.connections.addConnections([
        aRound(T0),
        aRound(T0 + 10 * MINUTE, NOTHING),
        aRound(T0 + 15 * MINUTE, { latencyAvg: 30, latencyMin: 20, latencyMax: 50, received: 4 }),
      ]);
      const range = { from: T0, to: T0 + 20 * MINUTE };
      const history = await store.connections.latencyHistory('n1', range, 5 * MINUTE);
      const gap = { latencyMs: null, minMs: null, maxMs: null, loss: null, connectionType: null };
      expect(history).toEqual([
        { time: T0, latencyMs: 10, minMs: 8, maxMs: 14, loss: 0, connectionType: 'direct' },
        { time: T0 + 5 * MINUTE, ...gap },
        { ...gap, time: T0 + 10 * MINUTE, loss: 1, connectionType: 'offline' },
        {
          time: T0 + 15 * MINUTE,
          latencyMs: 30,
          minMs: 20,
          maxMs: 50,
          loss: expect.closeTo(0.2),
          connectionType: 'direct',
        },
      ]);
    });

    it('adds rounds up by their pongs when a range is long, in at most 500 points', async () => {
      for (let day = 0; day < 400; day++) {
        await store.connections.addConnections([
          aRound(T0 + day * DAY, { latencyAvg: 10, received: 1, sent: 1 }),
          aRound(T0 + day * DAY + HOUR, {
            latencyAvg: 40,
            latencyMin: 30,
            latencyMax: 90,
            received: 2,
            sent: 2,
          }),
        ]);
      }
      for (const days of [1, 7, 30, 90, 365, 400, 3650]) {
        const range = { from: T0, to: T0 + days * DAY };
        const history = await store.connections.latencyHistory('n1', range, 5 * MINUTE);
        expect(history.length).toBeGreaterThan(0);
        expect(history.length).toBeLessThanOrEqual(500);
      }
      const year = await store.connections.latencyHistory(
        'n1',
        { from: T0, to: T0 + 365 * DAY },
        5 * MINUTE,
      );
      expect(year[3]).toMatchObject({ latencyMs: 30, minMs: 8, maxMs: 90, loss: 0 });
    });

    it('draws no finer than rounds are made, so that no false gaps appear', async () => {
      for (let i = 0; i < 20; i++)
        await store.connections.addConnections([aRound(T0 + i * 20 * MINUTE)]);
      const range = { from: T0, to: T0 + 6 * HOUR };
      const history = await store.connections.latencyHistory('n1', range, 20 * MINUTE);
      expect(history.filter((point) => point.latencyMs === null)).toEqual([]);
    });

    it('counts what rounds found, by node', async () => {
      await store.connections.addConnections([
        aRound(T0),
        aRound(T0 + 5 * MINUTE, { connectionType: 'relay', relayNode: 'fra' }),
        aRound(T0 + 10 * MINUTE, NOTHING),
        aRound(T0, { nodeId: 'n2', hostname: 'dev' }),
      ]);
      const counts = await store.connections.connectionCounts({ from: T0, to: T0 + 7 * DAY });
      expect(counts.map((c) => [c.hostname, c.rounds])).toEqual([
        ['dev', { direct: 1, peer_relay: 0, relay: 0, offline: 0, unknown: 0 }],
        ['git', { direct: 1, peer_relay: 0, relay: 1, offline: 1, unknown: 0 }],
      ]);
    });

    it('makes spans of what is observed, with a hole where nobody looked', async () => {
      const look = (minutes: number, seen: 'direct' | 'relay' | 'idle') =>
        store.paths.observePaths([{ nodeId: 'n1', time: T0 + minutes * MINUTE, path: seen }]);
      await look(0, 'direct');
      await look(1, 'direct');
      await look(2, 'relay');
      await look(3, 'relay');
      await look(30, 'relay');
      const spans = await store.paths.pathSpans(['n1'], { from: T0, to: T0 + DAY });
      expect(
        spans.map(({ from, to, path }) => [(from - T0) / MINUTE, (to - T0) / MINUTE, path]),
      ).toEqual([
        [0, 2, 'direct'],
        [2, 3, 'relay'],
        [30, 30, 'relay'],
      ]);
      expect(await store.paths.pathSpans(['n2'], { from: T0, to: T0 + DAY })).toEqual([]);
    });

    it('gives the spans that touch a range, of the nodes asked for', async () => {
      for (const nodeId of ['n1', 'n2', 'n3']) {
        for (const [minutes, path] of [
          [0, 'direct'],
          [1, 'relay'],
          [2, 'direct'],
          [3, 'relay'],
        ] as const) {
          await store.paths.observePaths([{ nodeId, time: T0 + minutes * MINUTE, path }]);
        }
      }
      const touched = async (nodeIds: string[] | null, from: number, to: number) => {
        const range = { from: T0 + from * MINUTE, to: T0 + to * MINUTE };
        const spans = await store.paths.pathSpans(nodeIds, range);
        expect(spans).toEqual(spans.toSorted((a, b) => a.from - b.from));
        return spans.map((span) => `${span.nodeId} ${(span.from - T0) / MINUTE}`).sort();
      };
      expect(await touched(['n1'], 1.5, 1.6)).toEqual(['n1 1']);
      expect(await touched(['n1'], 2, 3)).toEqual(['n1 1', 'n1 2']); // one ends where the other begins
      expect(await touched(['n3', 'n1'], 2.5, 9)).toEqual(['n1 2', 'n1 3', 'n3 2', 'n3 3']);
      expect(await touched(null, 2.5, 3)).toEqual(['n1 2', 'n2 2', 'n3 2']);
      expect(await touched([], 0, 9)).toEqual([]);
    });

    it('joins response times with the path of the visitor at that time, a waking one included', async () => {
      const hit = (offset: number, time: number, responseMs: number | null) => ({
        place: { file: 1, offset },
        time,
        ip: '100.64.0.2',
        method: 'GET',
        path: '/',
        endpoint: '/x',
        status: 200,
        responseMs,
        bytes: 1,
        client: 'browser' as const,
      });
      await store.ingest.commit({
        hits: HitBatch.of([
          hit(0, T0 + 30_000, 10),
          hit(1, T0 + 90_000, 200),
          hit(2, T0 + 91_000, null),
          hit(3, T0 - 5_000, 12),
          hit(4, T0 + HOUR, 5),
        ]),
        rejected: [],
        checkpoints: [],
      });
      const [visitor] = await store.visitors.visitorsToIdentify({ unknown: 0, known: 0 }, 1);
      const git = { nodeId: 'n1', device: 'git', user: 'bob', userName: 'Bob' };
      await store.visitors.identify(visitor?.id ?? 0, git, T0);
      await store.paths.observePaths([{ nodeId: 'n1', time: T0, path: 'direct' }]);
      await store.paths.observePaths([{ nodeId: 'n1', time: T0 + 60_000, path: 'relay' }]);
      await store.paths.observePaths([{ nodeId: 'n1', time: T0 + 120_000, path: 'idle' }]);
      const speeds = await store.accesses.speedByPath({ from: T0 - HOUR, to: T0 + DAY });
      expect(speeds.map(({ endpoint, path, hits }) => [endpoint, path, hits])).toEqual([
        ['/x', 'direct', 2],
        ['/x', 'relay', 1],
      ]);
      expect(Math.abs((speeds[1]?.p50Ms ?? 0) - 200)).toBeLessThan(20);
    });

    it('lists events newest first, by kind and node, in pages', async () => {
      const stored = await store.events.addEvents([
        { time: T0, kind: 'node_added', nodeId: 'n1', hostname: 'git', before: null, after: 'git' },
        {
          time: T0 + 1,
          kind: 'path_changed',
          nodeId: 'n1',
          hostname: 'git',
          before: 'direct',
          after: 'relay',
        },
        {
          time: T0 + 2,
          kind: 'node_offline',
          nodeId: 'n2',
          hostname: 'dev',
          before: 'online',
          after: 'offline',
        },
      ]);
      const range = { from: T0, to: T0 + DAY };
      const all = await store.events.events(range, {}, 2, null);
      expect(all.events).toEqual([stored[2], stored[1]]);
      const rest = await store.events.events(range, {}, 2, all.nextCursor);
      expect(rest).toEqual({ events: [stored[0]], nextCursor: null });
      const kinds = await store.events.events(range, { kind: 'path_changed' }, 9, null);
      expect(kinds.events).toEqual([stored[1]]);
      expect((await store.events.events(range, { nodeId: 'n2' }, 9, null)).events).toEqual([
        stored[2],
      ]);
      await expect(store.events.events(range, {}, 9, "1'")).rejects.toThrow(BadCursor);
    });
  });
}
