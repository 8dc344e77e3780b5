import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessFilter, Hit } from '../../domain/access';
import type { Checkpoint } from '../../domain/checkpoint';
import { BadCursor } from '../../domain/errors';
import { HitBatch } from '../../rollup/hit-batch';
import type { Stores } from '../ports/stores';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 2026-11-20T00:00:00Z, a whole hour, day and six hours. */
const T0 = Date.UTC(2026, 10, 20);
const ALL: AccessFilter = { bots: false, nonTailnet: false };

const aHit = (offset: number, change: Partial<Hit> = {}): Hit => ({
  place: { file: 1, offset },
  time: T0 + offset * 1000,
  ip: '100.64.0.2',
  method: 'GET',
  path: '/dashboard',
  endpoint: '/dashboard',
  status: 200,
  responseMs: 12,
  bytes: 100,
  client: 'browser',
  ...change,
});

const aCheckpoint = (offset: number, change: Partial<Checkpoint> = {}): Checkpoint => ({
  file: 1,
  log: '/var/log/nginx/access.log',
  path: '/var/log/nginx/access.log',
  device: 1,
  inode: 2,
  head: 'aGVhZA==',
  offset,
  retired: false,
  ...change,
});

/** What every store must do. `open` makes an empty one, or opens again what is in the folder. */
export function storeContract(name: string, open: (folder: string) => Promise<Stores>): void {
  describe(`${name} as a store`, () => {
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
    const put = (hits: Hit[]) =>
      store.ingest.commit({
        hits: HitBatch.of(hits),
        rejected: [],
        checkpoints: [aCheckpoint(Math.max(...hits.map((hit) => hit.place.offset)) + 1)],
      });
    const dayOf = (t: number) => ({ from: t, to: t + DAY });

    it('gives a hit back as it was stored', async () => {
      await put([aHit(0, { path: '/a b/ñ', endpoint: '/x', status: 404, bytes: 2 ** 40 })]);
      const { hits, nextCursor } = await store.accesses.hits(dayOf(T0), ALL, 10, null);
      expect(nextCursor).toBeNull();
      expect(hits).toEqual([
        {
          time: T0,
          ip: '100.64.0.2',
          method: 'GET',
          path: '/a b/ñ',
          endpoint: '/x',
          status: 404,
          responseMs: 12,
          bytes: 2 ** 40,
          client: 'browser',
          user: 'unknown',
          device: '100.64.0.2',
          bot: false,
        },
      ]);
    });

    it('keeps absent apart from zero', async () => {
      const absent = { method: null, path: null, status: null, responseMs: null, bytes: null };
      await put([aHit(0, { responseMs: 0, bytes: 0 }), aHit(1, absent)]);
      const { hits } = await store.accesses.hits(dayOf(T0), ALL, 10, null);
      expect(hits[0]).toMatchObject(absent);
      expect(hits[1]).toMatchObject({ responseMs: 0, bytes: 0 });
      const usage = await store.accesses.usage(dayOf(T0), ALL);
      expect(usage.byStatus).toEqual({ none: 1, '200': 1 });
      expect(usage.p50Ms).toBe(0.5);
    });

    it('stores a place once, however often it is committed', async () => {
      await put([aHit(0), aHit(1)]);
      await put([aHit(0), aHit(1), aHit(2)]);
      expect((await store.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(3);
      expect((await store.accesses.hits(dayOf(T0), ALL, 10, null)).hits).toHaveLength(3);
    });

    it('stores nothing of a batch that fails', async () => {
      const poison = { ...aHit(1), ip: undefined } as unknown as Hit;
      await expect(put([aHit(0), poison])).rejects.toThrow();
      expect((await store.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(0);
      expect(await store.ingest.checkpoints()).toEqual([]);
      await put([aHit(0)]);
      expect((await store.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(1);
    });

    it('remembers hits and checkpoints when opened again', async () => {
      const checkpoint = aCheckpoint(2 ** 41, { path: '/var/log/nginx/access.log.1' });
      await store.ingest.commit({
        hits: HitBatch.of([aHit(7)]),
        rejected: [],
        checkpoints: [checkpoint],
      });
      await store.close();
      store = await open(folder);
      expect(await store.ingest.checkpoints()).toEqual([checkpoint]);
      expect(await store.ingest.nextFile()).toBe(2);
      expect((await store.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(1);
    });

    it('counts a range to the millisecond at both ends', async () => {
      await put([0, 1, 2, 3, 4].map((i) => aHit(i, { time: T0 + i * 20 * 60_000 })));
      const range = { from: T0 + 20 * 60_000, to: T0 + 80 * 60_000 };
      expect((await store.accesses.usage(range, ALL)).totalAccesses).toBe(3);
      expect((await store.accesses.totals(range, ALL)).hits).toBe(3);
      expect((await store.accesses.hits(range, ALL, 10, null)).hits).toHaveLength(3);
    });

    it('gives the same numbers before and after rolling up, and when a late hit arrives', async () => {
      const times = Array.from({ length: 400 }, (_, i) => T0 + i * 2 * HOUR);
      await put(times.map((time, i) => aHit(i, { time, responseMs: i, endpoint: `/${i % 7}` })));
      const range = { from: T0 + DAY / 3, to: T0 + 30 * DAY };
      const before = await store.accesses.usage(range, ALL);
      const totals = await store.accesses.totals(range, ALL);
      const rollUpAll = async () => {
        for (let i = 0; i < 100 && (await store.maintenance.rollUp(T0 + 90 * DAY)); i++);
      };
      await rollUpAll();
      expect(await store.accesses.usage(range, ALL)).toEqual(before);
      expect(await store.accesses.totals(range, ALL)).toEqual(totals);
      await put([aHit(1000, { time: T0 + 10 * DAY + 1, endpoint: '/late' })]);
      const late = (await store.accesses.usage(range, ALL)).topEndpoints.find(
        (e) => e.endpoint === '/late',
      );
      expect(late?.hits).toBe(1);
      await rollUpAll();
      expect((await store.accesses.usage(range, ALL)).totalAccesses).toBe(before.totalAccesses + 1);
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
      const [git, dev] = await store.visitors.visitorsToIdentify({ unknown: 0, known: 0 }, 10);
      const bob = { user: 'bob@example.com', userName: 'Bob' };
      await store.visitors.identify(git!.id, { nodeId: 'n2', device: 'git', ...bob }, T0);
      await store.visitors.identify(dev!.id, { nodeId: 'n3', device: 'dev', ...bob }, T0);
      const usage = await store.accesses.usage(dayOf(T0), ALL);
      expect(usage).toMatchObject({
        totalAccesses: 3,
        uniqueUsers: 1,
        uniqueDevices: 2,
        bytes: 300,
        byUser: [{ ...bob, hits: 3, errors: 1, devices: 2 }],
        byDevice: [
          { device: 'git', user: bob.user, hits: 2, errors: 0 },
          { device: 'dev', user: bob.user, hits: 1, errors: 1 },
        ],
        byStatus: { '200': 2, '500': 1 },
        stepMs: HOUR,
        leftOut: { bots: 1, loopback: 1, nonTailnet: 1 },
      });
      expect(usage.series).toHaveLength(24);
      expect(usage.series[0]).toEqual({ time: T0, hits: 3, users: 1, errors: 1 });
      expect(usage.series[5]).toEqual({ time: T0 + 5 * HOUR, hits: 0, users: 0, errors: 0 });
      const [first] = usage.topEndpoints;
      expect(first).toMatchObject({ endpoint: '/dashboard', hits: 2, users: 1, errors: 1 });
      // The quantiles come from a histogram that is right within 9.1 %.
      expect(Math.abs((first?.p95Ms ?? 0) - 20)).toBeLessThan(20 * 0.091);
      const everyone = await store.accesses.usage(dayOf(T0), { bots: true, nonTailnet: true });
      expect(everyone.totalAccesses).toBe(6);
      expect(everyone.byUser.map((u) => u.user).sort()).toEqual([
        'bob@example.com',
        'loopback',
        'non-tailnet',
      ]);
    });

    it('filters by user, device, endpoint, status and class, alone and together', async () => {
      await put([
        aHit(0),
        aHit(1, { ip: '100.64.0.3', status: 404 }),
        aHit(2, { ip: '100.64.0.3', endpoint: '/x', status: 403 }),
      ]);
      const count = async (filter: Partial<AccessFilter>) => {
        const full = { ...ALL, ...filter };
        const { totalAccesses } = await store.accesses.usage(dayOf(T0), full);
        expect((await store.accesses.hits(dayOf(T0), full, 10, null)).hits).toHaveLength(
          totalAccesses,
        );
        expect((await store.accesses.totals(dayOf(T0), full)).hits).toBe(totalAccesses);
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

    it('pages through all hits once, newest first, while new ones arrive', async () => {
      // Many in the same millisecond, in two files, over several hours.
      const hits = Array.from({ length: 500 }, (_, i) =>
        aHit(i, { time: T0 + Math.floor(i / 50) * HOUR, path: `/${i}` }),
      );
      await put(hits);
      await store.ingest.commit({
        hits: HitBatch.of(hits.map((hit, i) => ({ ...hit, place: { file: 2, offset: i } }))),
        rejected: [],
        checkpoints: [aCheckpoint(500, { file: 2 })],
      });
      const seen: string[] = [];
      const times: number[] = [];
      let cursor: string | null = null;
      do {
        const page = await store.accesses.hits(dayOf(T0), ALL, 77, cursor);
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
        const { hits: all } = await store.accesses.hits(range, ALL, 10_000, null);
        return all.filter((hit) => hit.status === 502);
      };
      const paged = async () => {
        const listed: unknown[] = [];
        for (let cursor: string | null = null; ; ) {
          const page = await store.accesses.hits(range, rare, 3, cursor);
          listed.push(...page.hits);
          cursor = page.nextCursor;
          if (cursor === null) return listed;
        }
      };
      expect(await expected()).toHaveLength(20);
      expect(await paged()).toEqual(await expected());
      expect((await store.accesses.hits(range, rare, 100, null)).hits).toEqual(await expected());
      await put([aHit(90_000, { time: T0 + 10 * HOUR, status: 502 })]);
      expect(await expected()).toHaveLength(21);
      expect(await paged()).toEqual(await expected());
    });

    it('refuses a cursor that is none of its own', async () => {
      await expect(store.accesses.hits(dayOf(T0), ALL, 10, '1; DROP TABLE files')).rejects.toThrow(
        BadCursor,
      );
    });

    it('names hits already stored once their visitor is identified', async () => {
      await put([aHit(0)]);
      const [visitor] = await store.visitors.visitorsToIdentify({ unknown: 0, known: 0 }, 10);
      expect(visitor).toMatchObject({ ip: '100.64.0.2', kind: 'tailnet', identity: null });
      await store.visitors.identify(visitor!.id, null, T0);
      expect(await store.visitors.visitorsToIdentify({ unknown: T0, known: T0 }, 10)).toEqual([]);
      const git = { nodeId: '2', device: 'git', user: 'bob@example.com', userName: 'Bob' };
      await store.visitors.identify(visitor!.id, git, T0 + 1);
      const { hits } = await store.accesses.hits(dayOf(T0), ALL, 1, null);
      expect(hits[0]).toMatchObject({ user: 'bob@example.com', device: 'git' });
      expect(await store.visitors.visitorsToIdentify({ unknown: T0 + 9, known: T0 }, 10)).toEqual(
        [],
      );
      expect(
        await store.visitors.visitorsToIdentify({ unknown: 0, known: T0 + 9 }, 10),
      ).toHaveLength(1);
    });

    it('leaves history with the old node when an address changes hands', async () => {
      await put([aHit(0)]);
      const [visitor] = await store.visitors.visitorsToIdentify({ unknown: 0, known: 0 }, 10);
      const was = { nodeId: '2', device: 'old', user: 'ann', userName: 'Ann' };
      await store.visitors.identify(visitor!.id, was, T0);
      await store.visitors.identify(visitor!.id, { ...was, nodeId: '9', device: 'new' }, T0 + 1);
      await put([aHit(1)]);
      const { byDevice } = await store.accesses.usage(dayOf(T0), ALL);
      expect(byDevice.map((d) => [d.device, d.hits])).toEqual([
        ['old', 1],
        ['new', 1],
      ]);
    });

    it('bounds the distinct endpoints', async () => {
      await put(Array.from({ length: 1100 }, (_, i) => aHit(i, { endpoint: `/e${i}` })));
      const { totalAccesses, topEndpoints } = await store.accesses.usage(dayOf(T0), ALL);
      expect(totalAccesses).toBe(1100);
      expect(topEndpoints[0]).toMatchObject({ endpoint: '(other)', hits: 100 });
    });

    it('counts rejected lines once and keeps samples', async () => {
      const rejected = [{ place: { file: 1, offset: 5 }, line: 'x'.repeat(9000), reason: 'odd' }];
      const batch = { hits: HitBatch.of([]), rejected, checkpoints: [aCheckpoint(9100)] };
      await store.ingest.commit(batch);
      await store.ingest.commit(batch);
      const { total, samples } = await store.rejectedLines.rejected();
      expect(total).toBe(1);
      expect(samples).toHaveLength(1);
      expect(samples[0]).toMatchObject({ path: '/var/log/nginx/access.log', reason: 'odd' });
      expect(samples[0]!.line).toHaveLength(2000);
    });

    it('prunes raw hits and roll-ups each by its own age', async () => {
      await put([aHit(0, { time: T0 }), aHit(1, { time: T0 + 50 * DAY })]);
      await store.maintenance.prune(T0 + 51 * DAY, { rawDays: 30, rollupDays: 730 });
      const all = { from: T0 - DAY, to: T0 + 60 * DAY };
      expect((await store.accesses.hits(all, ALL, 10, null)).hits).toHaveLength(1);
      expect((await store.accesses.usage(all, ALL)).totalAccesses).toBe(2);
      await store.maintenance.prune(T0 + 51 * DAY, { rawDays: 30, rollupDays: 31 });
      expect((await store.accesses.usage(all, ALL)).totalAccesses).toBe(1);
    });

    it('makes a backup that opens as a store, while in use', async () => {
      await put([aHit(0)]);
      const copy = path.join(folder, 'copy');
      await store.maintenance.backup(path.join(copy, '..', 'backup.sqlite'));
      expect(await store.maintenance.size()).toBeGreaterThan(0);
      await put([aHit(1)]);
      expect((await store.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(2);
    });

    it('keeps the last tailnet summary and small states', async () => {
      expect(await store.summaries.lastTailnetSummary()).toBeNull();
      await store.summaries.addTailnetSummary({ time: T0, summary: { online: 3 } });
      await store.summaries.addTailnetSummary({ time: T0 + HOUR, summary: { online: 4 } });
      expect(await store.summaries.lastTailnetSummary()).toEqual({
        time: T0 + HOUR,
        summary: { online: 4 },
      });
      expect(await store.state.loadState('x')).toBeNull();
      await store.state.saveState('x', 'y');
      expect(await store.state.loadState('x')).toBe('y');
    });
  });
}
