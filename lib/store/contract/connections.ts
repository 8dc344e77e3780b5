import { describe, expect, it } from 'vitest';
import type { Connection } from '../../domain/connection';
import { DAY, HOUR, MINUTE } from '../../util/time';
import { type Open, openedPerTest } from './opened';
import { T0 } from './samples';

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

/** The requirements of every `ConnectionStore`. */
export function connectionsContract(name: string, open: Open<'connections'>): void {
  describe(`${name} as a store of connections`, () => {
    const opened = openedPerTest(open);

    it('gives back the last round of each device as it was', async () => {
      const git = aRound(T0 + 5 * MINUTE, { ...NOTHING, txBytes: 2 ** 45 });
      const dev = aRound(T0, {
        nodeId: 'n2',
        hostname: 'dev',
        connectionType: 'relay',
        relayNode: 'fra',
      });
      await opened.stores.connections.addConnections([aRound(T0), dev]);
      await opened.stores.connections.addConnections([git]);
      expect(await opened.stores.connections.lastConnections()).toEqual([dev, git]);
      expect(await opened.stores.connections.recentRounds('n1', 5)).toEqual([git, aRound(T0)]);
      expect(await opened.stores.connections.recentRounds('n1', 1)).toEqual([git]);
    });

    it('counts a round once, however often it is stored', async () => {
      await opened.stores.connections.addConnections([aRound(T0)]);
      await opened.stores.connections.addConnections([aRound(T0)]);
      const [counts] = await opened.stores.connections.connectionCounts({
        from: T0,
        to: T0 + HOUR,
      });
      expect(counts).toMatchObject({ sent: 5, received: 5, rounds: { direct: 1, offline: 0 } });
    });

    it('keeps gaps as gaps, and a round without answers apart from them', async () => {
      await opened.stores.connections.addConnections([
        aRound(T0),
        aRound(T0 + 10 * MINUTE, NOTHING),
        aRound(T0 + 15 * MINUTE, { latencyAvg: 30, latencyMin: 20, latencyMax: 50, received: 4 }),
      ]);
      const range = { from: T0, to: T0 + 20 * MINUTE };
      const history = await opened.stores.connections.latencyHistory('n1', range, 5 * MINUTE);
      const gap = {
        ...{ latencyMs: null, minMs: null, maxMs: null, loss: null, connectionType: null },
        ...{ sent: 0, received: 0 },
      };
      const all = { sent: 5, received: 5 };
      expect(history).toEqual([
        { ...all, time: T0, latencyMs: 10, minMs: 8, maxMs: 14, loss: 0, connectionType: 'direct' },
        { time: T0 + 5 * MINUTE, ...gap },
        { ...gap, time: T0 + 10 * MINUTE, loss: 1, connectionType: 'offline', sent: 5 },
        {
          ...all,
          received: 4,
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
        await opened.stores.connections.addConnections([
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
        const history = await opened.stores.connections.latencyHistory('n1', range, 5 * MINUTE);
        expect(history.length).toBeGreaterThan(0);
        expect(history.length).toBeLessThanOrEqual(500);
      }
      const year = await opened.stores.connections.latencyHistory(
        'n1',
        { from: T0, to: T0 + 365 * DAY },
        5 * MINUTE,
      );
      expect(year[3]).toMatchObject({ latencyMs: 30, minMs: 8, maxMs: 90, loss: 0 });
    });

    it('draws rounds shorter than five minutes as they are, as long as at most 500 fit', async () => {
      const minutes = [0, 1, 2, 4, 5, 6];
      for (const i of minutes) {
        const round = aRound(T0 + i * MINUTE + 300, { latencyAvg: 10 + i, latencyMin: 9 + i });
        await opened.stores.connections.addConnections([round]);
      }
      const history = (length: number) =>
        opened.stores.connections.latencyHistory('n1', { from: T0, to: T0 + length }, MINUTE);
      const short = await history(7 * MINUTE);
      expect(short.map(({ time }) => (time - T0) / MINUTE)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(short.map(({ latencyMs }) => latencyMs)).toEqual([10, 11, 12, null, 14, 15, 16]);
      expect(short[4]).toMatchObject({ minMs: 13, maxMs: 14, loss: 0, connectionType: 'direct' });
      const day = await history(DAY);
      expect(day[1]).toMatchObject({ time: T0 + 5 * MINUTE, latencyMs: 15.5, received: 10 });
    });

    it('draws no finer than rounds are made, so that no false gaps appear', async () => {
      for (let i = 0; i < 20; i++)
        await opened.stores.connections.addConnections([aRound(T0 + i * 20 * MINUTE)]);
      const range = { from: T0, to: T0 + 6 * HOUR };
      const history = await opened.stores.connections.latencyHistory('n1', range, 20 * MINUTE);
      expect(history.filter((point) => point.latencyMs === null)).toEqual([]);
    });

    it('counts what rounds found, by device', async () => {
      await opened.stores.connections.addConnections([
        aRound(T0),
        aRound(T0 + 5 * MINUTE, { connectionType: 'relay', relayNode: 'fra' }),
        aRound(T0 + 10 * MINUTE, NOTHING),
        aRound(T0, { nodeId: 'n2', hostname: 'dev' }),
      ]);
      const counts = await opened.stores.connections.connectionCounts({
        from: T0,
        to: T0 + 7 * DAY,
      });
      expect(counts.map((c) => [c.hostname, c.rounds])).toEqual([
        ['dev', { direct: 1, peer_relay: 0, relay: 0, offline: 0, unknown: 0 }],
        ['git', { direct: 1, peer_relay: 0, relay: 1, offline: 1, unknown: 0 }],
      ]);
    });
  });
}
