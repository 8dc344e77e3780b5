import { describe, expect, it } from 'vitest';
import type { Hit } from '../../domain/access';
import { HitBatch } from '../../rollup/hit-batch';
import { type Open, openedPerTest } from './opened';
import { ALL, aCheckpoint, aHit, dayOf, putHits, T0 } from './samples';

/** The requirements of every `IngestStore`. */
export function ingestContract(name: string, open: Open<'accesses' | 'ingest'>): void {
  describe(`${name} as a store of hits`, () => {
    const opened = openedPerTest(open);
    const put = (hits: Hit[]) => putHits(opened.stores.ingest, hits);

    it('stores a position once, however often it is committed', async () => {
      await put([aHit(0), aHit(1)]);
      await put([aHit(0), aHit(1), aHit(2)]);
      expect((await opened.stores.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(3);
      expect((await opened.stores.accesses.hits(dayOf(T0), ALL, 10, null)).hits).toHaveLength(3);
    });

    it('stores nothing of a batch that fails', async () => {
      const poison = { ...aHit(1), ip: undefined } as unknown as Hit;
      await expect(put([aHit(0), poison])).rejects.toThrow();
      expect((await opened.stores.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(0);
      expect(await opened.stores.ingest.checkpoints()).toEqual([]);
      await put([aHit(0)]);
      expect((await opened.stores.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(1);
    });

    it('remembers hits and checkpoints when opened again', async () => {
      const checkpoint = aCheckpoint(2 ** 41, { path: '/var/log/nginx/access.log.1' });
      await opened.stores.ingest.commit({
        hits: HitBatch.of([aHit(7)]),
        rejected: [],
        checkpoints: [checkpoint],
      });
      await opened.reopen();
      expect(await opened.stores.ingest.checkpoints()).toEqual([checkpoint]);
      expect((await opened.stores.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(1);
    });

    it('claims new files unless another process has claimed one since', async () => {
      const { ingest } = opened.stores;
      const first = aCheckpoint(0);
      const second = { ...first, file: first.file + 1, path: '/other.log' };
      expect(await ingest.claimFiles([first])).toBe(true);
      expect(await ingest.claimFiles([{ ...second, file: first.file }])).toBe(false);
      expect(await ingest.checkpoints()).toEqual([first]);
      expect(await ingest.claimFiles([second])).toBe(true);
      expect(await ingest.checkpoints()).toEqual([first, second]);
    });

    it('a checkpoint never goes back, so that two processes may read the same file', async () => {
      const { ingest, accesses } = opened.stores;
      const read = (from: number, to: number) =>
        ingest.commit({
          hits: HitBatch.of(Array.from({ length: to - from }, (_, i) => aHit(from + i))),
          rejected: [],
          checkpoints: [aCheckpoint(to)],
        });
      await read(0, 10);
      await read(0, 4);
      expect((await ingest.checkpoints())[0]?.offset).toBe(10);
      await read(4, 12);
      expect((await accesses.totals(dayOf(T0), ALL)).hits).toBe(12);
    });

    it('bounds the distinct endpoints', async () => {
      await put(Array.from({ length: 1100 }, (_, i) => aHit(i, { endpoint: `/e${i}` })));
      const { totalAccesses, topEndpoints } = await opened.stores.accesses.usage(dayOf(T0), ALL);
      expect(totalAccesses).toBe(1100);
      expect(topEndpoints[0]).toMatchObject({ endpoint: '(other)', hits: 100 });
    });

    it('bounds the endpoints of each host by themselves, and the hosts', async () => {
      const git = Array.from({ length: 1_100 }, (_, i) =>
        aHit(i, { endpoint: `/e${i}`, host: 'git.example.org' }),
      );
      const many = Array.from({ length: 150 }, (_, i) =>
        aHit(2_000 + i, { endpoint: `/x${i % 3}`, host: `h${i}.example.org` }),
      );
      await put([...git, aHit(1_500, { endpoint: '/e1', host: 'photos.example.org' })]);
      await put(many);
      const { byHost, topEndpoints } = await opened.stores.accesses.usage(dayOf(T0), ALL);
      expect(byHost[0]).toMatchObject({ host: 'git.example.org', hits: 1_100 });
      expect(byHost[1]).toMatchObject({ host: '(other)', hits: 52 });
      expect(topEndpoints[0]).toMatchObject({ host: 'git.example.org', endpoint: '(other)' });
      const ofOthers = await opened.stores.accesses.hits(
        dayOf(T0),
        { ...ALL, host: '(other)' },
        100,
        null,
      );
      expect(new Set(ofOthers.hits.map(({ endpoint }) => endpoint))).toEqual(
        new Set(['/x0', '/x1', '/x2']),
      );
      const { hits } = await opened.stores.accesses.totals(dayOf(T0), ALL);
      expect(hits).toBe(1_251);
    });
  });
}
