import { describe, expect, it } from 'vitest';
import type { AccessFilter, Hit } from '../../domain/access';
import { BadCursor } from '../../domain/errors';
import { LATENCY_ERROR } from '../../domain/latency';
import { HitBatch } from '../../rollup/hit-batch';
import { DAY, HOUR } from '../../util/time';
import { type Open, openedPerTest } from './opened';
import { ALL, aCheckpoint, aHit, dayOf, putHits, T0 } from './samples';

/** The requirements of every `AccessHistory`. */
export function accessesContract(
  name: string,
  open: Open<'accesses' | 'ingest' | 'visitors' | 'paths'>,
): void {
  describe(`${name} as a history of accesses`, () => {
    const opened = openedPerTest(open);
    const put = (hits: Hit[]) => putHits(opened.stores.ingest, hits);

    it('gives a hit back as it was stored', async () => {
      await put([aHit(0, { path: '/a b/ñ', endpoint: '/x', status: 404, bytes: 2 ** 40 })]);
      const { hits, nextCursor } = await opened.stores.accesses.hits(dayOf(T0), ALL, 10, null);
      expect(nextCursor).toBeNull();
      expect(hits).toEqual([
        {
          time: T0,
          ip: '100.64.0.2',
          method: 'GET',
          path: '/a b/ñ',
          endpoint: '/x',
          host: null,
          status: 404,
          responseMs: 12,
          bytes: 2 ** 40,
          client: 'browser',
          user: 'unknown',
          device: '100.64.0.2',
          deviceId: null,
          bot: false,
        },
      ]);
    });

    it('keeps absent apart from zero', async () => {
      const absent = { method: null, path: null, status: null, responseMs: null, bytes: null };
      await put([aHit(0, { responseMs: 0, bytes: 0 }), aHit(1, absent)]);
      const { hits } = await opened.stores.accesses.hits(dayOf(T0), ALL, 10, null);
      expect(hits[0]).toMatchObject(absent);
      expect(hits[1]).toMatchObject({ responseMs: 0, bytes: 0 });
      const usage = await opened.stores.accesses.usage(dayOf(T0), ALL);
      expect(usage.byStatus).toEqual({ none: 1, '200': 1 });
      expect(usage.p50Ms).toBe(0);
    });

    it('counts a range to the millisecond at both ends', async () => {
      await put([0, 1, 2, 3, 4].map((i) => aHit(i, { time: T0 + i * 20 * 60_000 })));
      const range = { from: T0 + 20 * 60_000, to: T0 + 80 * 60_000 };
      expect((await opened.stores.accesses.usage(range, ALL)).totalAccesses).toBe(3);
      expect((await opened.stores.accesses.totals(range, ALL)).hits).toBe(3);
      expect((await opened.stores.accesses.hits(range, ALL, 10, null)).hits).toHaveLength(3);
    });

    it('sums up what the dashboard shows', async () => {
      await put([
        aHit(0, { responseMs: 10 }),
        aHit(1, { responseMs: 20, ip: '100.64.0.3', status: 500 }),
        aHit(2, { responseMs: 1000, endpoint: '/slow' }),
        aHit(3, { time: T0 + 5 * HOUR, endpoint: '/slow', responseMs: null, client: 'bot' }),
        aHit(4, { ip: '127.0.0.1' }),
        aHit(5, { ip: '203.0.113.9' }),
      ]);
      const [git, dev] = await opened.stores.visitors.visitorsToIdentify(
        { unknown: 0, known: 0 },
        10,
      );
      const bob = { user: 'bob@example.com', userName: 'Bob' };
      await opened.stores.visitors.identify(
        git?.id ?? 0,
        { nodeId: 'n2', device: 'git', ...bob },
        T0,
      );
      await opened.stores.visitors.identify(
        dev?.id ?? 0,
        { nodeId: 'n3', device: 'dev', ...bob },
        T0,
      );
      const usage = await opened.stores.accesses.usage(dayOf(T0), ALL);
      expect(usage).toMatchObject({
        totalAccesses: 3,
        uniqueUsers: 1,
        uniqueDevices: 2,
        bytes: 300,
        byUser: [{ ...bob, hits: 3, errors: 1, devices: 2 }],
        byDevice: [
          { id: 'n2', device: 'git', user: bob.user, hits: 2, errors: 0 },
          { id: 'n3', device: 'dev', user: bob.user, hits: 1, errors: 1 },
        ],
        byStatus: { '200': 2, '500': 1 },
        stepMs: HOUR,
        leftOut: { bots: 1, loopback: 1, nonTailnet: 1 },
      });
      expect(usage.series).toHaveLength(24);
      expect(usage.series[0]).toEqual({ time: T0, hits: 3, users: 1, people: 1, errors: 1 });
      expect(usage.series[5]).toEqual({
        time: T0 + 5 * HOUR,
        hits: 0,
        users: 0,
        people: 0,
        errors: 0,
      });
      const [first] = usage.topEndpoints;
      expect(first).toMatchObject({ endpoint: '/dashboard', hits: 2, users: 1, errors: 1 });
      expect(first?.p95Ms).toBe(20);
      expect(Math.abs((usage.p95Ms ?? 0) - 1000)).toBeLessThanOrEqual(1000 * LATENCY_ERROR);
      expect(usage.responseTimeError).toBe(LATENCY_ERROR);
      const everyone = await opened.stores.accesses.usage(dayOf(T0), {
        bots: true,
        nonTailnet: true,
      });
      expect(everyone.totalAccesses).toBe(6);
      expect(everyone.byUser.map((u) => u.user).sort()).toEqual([
        'bob@example.com',
        'loopback',
        'non-tailnet',
      ]);
    });

    it('counts people, servers and unnamed addresses apart, and tells devices of one name apart', async () => {
      const of = (...last: number[]) => last.map((n, i) => aHit(i, { ip: `100.64.0.${n}` }));
      // Two phones of one name, the second reached at two addresses; two servers; two addresses that nobody names.
      const owners = [
        [2, 'n2', 'iphone', 'ana@example.com'],
        [3, 'n3', 'iphone', 'bob@example.com'],
        [4, 'n3', 'iphone', 'bob@example.com'],
        [5, 'n5', 'web', 'tag:server'],
        [6, 'n6', 'db', 'tag:server, tag:db'],
      ] as const;
      await put([...of(2, 3, 3, 4, 5, 6, 7, 8), aHit(8, { ip: '127.0.0.1' })]);
      const visitors = await opened.stores.visitors.visitorsToIdentify({ unknown: 0, known: 0 }, 9);
      for (const [last, nodeId, device, user] of owners) {
        const { id = 0 } = visitors.find(({ ip }) => ip === `100.64.0.${last}`) ?? {};
        await opened.stores.visitors.identify(id, { nodeId, device, user, userName: user }, T0);
      }
      const expected = { people: 2, servers: 2, unnamed: 2 };
      const range = dayOf(T0);
      const usage = await opened.stores.accesses.usage(range, ALL);
      expect(usage).toMatchObject({ visitors: expected, uniqueUsers: 5, uniqueDevices: 6 });
      expect(usage.topEndpoints[0]).toMatchObject({ users: 5, people: 2 });
      expect(usage.series[0]).toMatchObject({ users: 5, people: 2 });
      expect(usage.byDevice.slice(0, 2)).toEqual([
        { id: 'n3', device: 'iphone', user: 'bob@example.com', hits: 3, errors: 0 },
        { id: 'n2', device: 'iphone', user: 'ana@example.com', hits: 1, errors: 0 },
      ]);
      expect(usage.byDevice).toHaveLength(6);
      expect(usage.byDevice.filter(({ id }) => id === null)).toHaveLength(2);
      const totals = await opened.stores.accesses.totals(range, ALL);
      expect(totals).toEqual({ hits: 8, users: 5, visitors: expected });
      const everybody = { ...ALL, nonTailnet: true };
      expect((await opened.stores.accesses.usage(range, everybody)).visitors).toEqual(expected);
      const server = { ...ALL, device: 'web' };
      expect((await opened.stores.accesses.usage(range, server)).visitors).toEqual({
        ...{ people: 0, servers: 1, unnamed: 0 },
      });
    });

    it('filters by user, device, endpoint, status and class, alone and together', async () => {
      await put([
        aHit(0),
        aHit(1, { ip: '100.64.0.3', status: 404 }),
        aHit(2, { ip: '100.64.0.3', endpoint: '/x', status: 403 }),
      ]);
      const count = async (filter: Partial<AccessFilter>) => {
        const full = { ...ALL, ...filter };
        const { totalAccesses } = await opened.stores.accesses.usage(dayOf(T0), full);
        expect((await opened.stores.accesses.hits(dayOf(T0), full, 10, null)).hits).toHaveLength(
          totalAccesses,
        );
        expect((await opened.stores.accesses.totals(dayOf(T0), full)).hits).toBe(totalAccesses);
        return totalAccesses;
      };
      expect(await count({ user: 'unknown' })).toBe(3);
      expect(await count({ user: 'nobody' })).toBe(0);
      expect(await count({ device: '100.64.0.3' })).toBe(2);
      expect(await count({ endpoint: '/x' })).toBe(1);
      expect(await count({ endpoint: "/x' OR 1=1" })).toBe(0);
      expect(await count({ status: { code: 404 } })).toBe(1);
      expect(await count({ status: { class: 4 } })).toBe(2);
      expect(await count({ status: { class: 4 }, endpoint: '/x', device: '100.64.0.3' })).toBe(1);
      expect(await count({ status: { class: 2 }, endpoint: '/x' })).toBe(0);
    });

    it('counts the same path of several hosts apart, and each host with its people, devices and times', async () => {
      const [git, photos] = ['git.example.org', 'photos.example.org'];
      await put([
        aHit(0, { host: git, endpoint: '/' }),
        aHit(1, { host: git, endpoint: '/', ip: '100.64.0.3', status: 502, responseMs: 900 }),
        aHit(2, { host: photos, endpoint: '/', time: T0 + 5 * HOUR + 7 }),
        aHit(3, { host: null, endpoint: '/', time: T0 + 6 * HOUR + 9, bytes: null }),
        aHit(4, { host: git, endpoint: '/x', client: 'bot' }),
      ]);
      const usage = await opened.stores.accesses.usage(dayOf(T0), ALL);
      expect(usage.topEndpoints.map(({ host, endpoint, hits }) => [host, endpoint, hits])).toEqual([
        [git, '/', 2],
        [photos, '/', 1],
        [null, '/', 1],
      ]);
      expect(usage.byHost).toMatchObject([
        { host: git, hits: 2, users: 1, devices: 2, errors: 1, bytes: 200, lastAccess: T0 + 1_000 },
        { host: photos, hits: 1, devices: 1, errors: 0, lastAccess: T0 + 5 * HOUR + 7 },
        { host: null, hits: 1, bytes: 0, lastAccess: T0 + 6 * HOUR + 9 },
      ]);
      const [first, second] = usage.byHost;
      expect(Math.abs((first?.p95Ms ?? 0) - 900)).toBeLessThan(900 * 0.091);
      expect(first?.series).toEqual([2, ...Array(23).fill(0)]);
      expect(second?.series[5]).toBe(1);
      const listed = async (host: AccessFilter['host']) => {
        const { hits } = await opened.stores.accesses.hits(dayOf(T0), { ...ALL, host }, 9, null);
        return hits.map((hit) => hit.host);
      };
      expect(await listed(git)).toEqual([git, git]);
      expect(await listed('(none)')).toEqual([null]);
      expect(await listed({ is: [], not: [git] })).toEqual([null, photos]);
      expect(await listed({ is: [photos, git], not: [] })).toEqual([photos, git, git]);
    });

    it('tells devices of one name apart by their ids', async () => {
      await put([aHit(0), aHit(1, { ip: '100.64.0.3' }), aHit(2, { ip: '100.64.0.3' })]);
      const visitors = await opened.stores.visitors.visitorsToIdentify(
        { unknown: 0, known: 0 },
        10,
      );
      for (const { id, ip } of visitors) {
        const iphone = { device: 'iphone', user: `u-${ip}`, userName: '' };
        await opened.stores.visitors.identify(id, { nodeId: `n-${ip}`, ...iphone }, T0);
      }
      const { byDevice, uniqueDevices } = await opened.stores.accesses.usage(dayOf(T0), ALL);
      expect(uniqueDevices).toBe(2);
      expect(byDevice).toMatchObject([
        { device: 'iphone', id: 'n-100.64.0.3', hits: 2 },
        { device: 'iphone', id: 'n-100.64.0.2', hits: 1 },
      ]);
      const count = async (device: string) =>
        (await opened.stores.accesses.totals(dayOf(T0), { ...ALL, device })).hits;
      expect(await count('iphone')).toBe(3);
      expect(await count('n-100.64.0.3')).toBe(2);
      const { hits } = await opened.stores.accesses.hits(
        dayOf(T0),
        { ...ALL, device: 'n-100.64.0.2' },
        9,
        null,
      );
      expect(hits).toMatchObject([{ device: 'iphone', deviceId: 'n-100.64.0.2' }]);
    });

    it('pages through all hits once, newest first, while new ones arrive', async () => {
      // Many in the same millisecond, in two files, over several hours.
      const hits = Array.from({ length: 500 }, (_, i) =>
        aHit(i, { time: T0 + Math.floor(i / 50) * HOUR, path: `/${i}` }),
      );
      await put(hits);
      await opened.stores.ingest.commit({
        hits: HitBatch.of(hits.map((hit, i) => ({ ...hit, position: { file: 2, offset: i } }))),
        rejected: [],
        checkpoints: [aCheckpoint(500, { file: 2 })],
      });
      const seen: string[] = [];
      const times: number[] = [];
      let cursor: string | null = null;
      do {
        const page = await opened.stores.accesses.hits(dayOf(T0), ALL, 77, cursor);
        seen.push(...page.hits.map((hit) => hit.path ?? ''));
        times.push(...page.hits.map((hit) => hit.time));
        cursor = page.nextCursor;
        await put([aHit(1000 + seen.length, { time: T0 + 23 * HOUR, path: 'new' })]);
      } while (cursor !== null);
      expect(times).toEqual([...times].sort((a, b) => b - a));
      expect(seen.filter((p) => p !== 'new').sort()).toEqual(
        hits.flatMap((hit) => [hit.path ?? '', hit.path ?? '']).sort(),
      );
    });

    it('lists a rare kind of hits as it lists them all, asked again, by pages, and after a late one', async () => {
      const hours = 50;
      const hits = Array.from({ length: hours * 40 }, (_, i) =>
        aHit(i, { time: T0 + i * 90_000, status: i % 97 === 0 ? 502 : 200 }),
      );
      await put(hits);
      const range = { from: T0 + 90_000, to: T0 + hours * HOUR - 90_000 };
      const rare: AccessFilter = { ...ALL, status: { code: 502 } };
      const expected = async () => {
        const { hits: all } = await opened.stores.accesses.hits(range, ALL, 10_000, null);
        return all.filter((hit) => hit.status === 502);
      };
      const paged = async () => {
        const listed: unknown[] = [];
        for (let cursor: string | null = null; ; ) {
          const page = await opened.stores.accesses.hits(range, rare, 3, cursor);
          listed.push(...page.hits);
          cursor = page.nextCursor;
          if (cursor === null) return listed;
        }
      };
      expect(await expected()).toHaveLength(20);
      expect(await paged()).toEqual(await expected());
      expect((await opened.stores.accesses.hits(range, rare, 100, null)).hits).toEqual(
        await expected(),
      );
      await put([aHit(90_000, { time: T0 + 10 * HOUR, status: 502 })]);
      expect(await expected()).toHaveLength(21);
      expect(await paged()).toEqual(await expected());
    });

    it('refuses a cursor that is none of its own', async () => {
      await expect(
        opened.stores.accesses.hits(dayOf(T0), ALL, 10, '1; DROP TABLE files'),
      ).rejects.toThrow(BadCursor);
    });

    it('joins response times with the path of the visitor at that time, a waking one included', async () => {
      const hit = (offset: number, time: number, responseMs: number | null) => ({
        position: { file: 1, offset },
        time,
        ip: '100.64.0.2',
        method: 'GET',
        path: '/',
        endpoint: '/x',
        host: null,
        status: 200,
        responseMs,
        bytes: 1,
        client: 'browser' as const,
      });
      await opened.stores.ingest.commit({
        hits: HitBatch.of([
          hit(0, T0 + 30_000, 10),
          hit(1, T0 + 90_000, 200),
          hit(2, T0 + 91_000, null),
          hit(3, T0 - 5_000, 12),
          hit(4, T0 + HOUR, 5),
          // A bot's hit, which is not an access.
          { ...hit(5, T0 + 31_000, 900), client: 'bot' as const },
          { ...hit(6, T0 + 32_000, 900), ip: '127.0.0.1' },
        ]),
        rejected: [],
        checkpoints: [],
      });
      const [visitor] = await opened.stores.visitors.visitorsToIdentify(
        { unknown: 0, known: 0 },
        1,
      );
      const git = { nodeId: 'n1', device: 'git', user: 'bob', userName: 'Bob' };
      await opened.stores.visitors.identify(visitor?.id ?? 0, git, T0);
      await opened.stores.paths.observePaths([{ nodeId: 'n1', time: T0, path: 'direct' }]);
      await opened.stores.paths.observePaths([{ nodeId: 'n1', time: T0 + 60_000, path: 'relay' }]);
      await opened.stores.paths.observePaths([{ nodeId: 'n1', time: T0 + 120_000, path: 'idle' }]);
      const speeds = await opened.stores.accesses.speedByPath({ from: T0 - HOUR, to: T0 + DAY });
      expect(speeds.map(({ endpoint, path, hits }) => [endpoint, path, hits])).toEqual([
        ['/x', 'direct', 2],
        ['/x', 'relay', 1],
      ]);
      expect(Math.abs((speeds[1]?.p50Ms ?? 0) - 200)).toBeLessThanOrEqual(200 * LATENCY_ERROR);
    });
  });
}
