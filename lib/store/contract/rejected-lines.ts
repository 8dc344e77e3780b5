import { describe, expect, it } from 'vitest';
import { HitBatch } from '../../rollup/hit-batch';
import { type Open, openedPerTest } from './opened';
import { ALL, aCheckpoint, aHit, dayOf, T0 } from './samples';

/** The requirements of every `RejectedLineStore`. */
export function rejectedLinesContract(
  name: string,
  open: Open<'accesses' | 'ingest' | 'rejectedLines'>,
): void {
  describe(`${name} as a store of rejected lines`, () => {
    const opened = openedPerTest(open);

    it('counts rejected lines once and keeps samples', async () => {
      const rejected = [
        { position: { file: 1, offset: 5 }, line: 'x'.repeat(9000), reason: 'odd' },
      ];
      const batch = { hits: HitBatch.of([]), rejected, checkpoints: [aCheckpoint(9100)] };
      await opened.stores.ingest.commit(batch);
      await opened.stores.ingest.commit(batch);
      const { total, samples } = await opened.stores.rejectedLines.rejected();
      expect(total).toBe(1);
      expect(samples).toHaveLength(1);
      expect(samples[0]).toMatchObject({ path: '/var/log/nginx/access.log', reason: 'odd' });
      expect(samples[0]?.line).toHaveLength(2000);
    });

    const lineAt = (offset: number) => ({
      position: { file: 1, offset },
      line: `line at ${offset}`,
      reason: 'odd',
    });
    const range = (start: number, end: number, knowledge = 'old') => ({
      file: 1,
      start,
      end,
      knowledge,
    });
    const rejectedAt = async (offsets: number[], ranges: ReturnType<typeof range>[]) =>
      opened.stores.ingest.commit({
        hits: HitBatch.of([]),
        rejected: offsets.map(lineAt),
        checkpoints: [aCheckpoint(100)],
        rejectedRanges: ranges,
      });

    it('remembers where they stand, neighbours together, and once however often they are committed', async () => {
      for (let times = 0; times < 2; times++) {
        await rejectedAt([0, 10, 40], [range(0, 20), range(40, 50)]);
      }
      await opened.stores.ingest.commit({
        hits: HitBatch.of([]),
        rejected: [lineAt(100), lineAt(120)],
        checkpoints: [aCheckpoint(140)],
        rejectedRanges: [range(100, 140)],
      });
      await opened.stores.ingest.commit({
        hits: HitBatch.of([]),
        rejected: [lineAt(140), lineAt(160)],
        checkpoints: [aCheckpoint(180)],
        rejectedRanges: [range(140, 160), range(160, 180, 'new')],
      });
      await opened.reopen();
      expect(await opened.stores.ingest.rejectedRanges()).toEqual([
        range(0, 20),
        range(40, 50),
        range(100, 160),
        range(160, 180, 'new'),
      ]);
    });

    it('what is read again is stored once, though its file has been read further', async () => {
      await rejectedAt([0, 10, 40], [range(0, 20), range(40, 50)]);
      const again = {
        hits: HitBatch.of([aHit(0), aHit(10), aHit(30)]),
        rejected: [],
        checkpoints: [],
        reread: [{ file: 1, start: 0, end: 20, lines: 2 }],
      };
      await opened.stores.ingest.commit(again);
      await opened.stores.ingest.commit(again);
      // 30 was in no range of rejected lines, so it is not stored.
      const { hits } = await opened.stores.accesses.hits(dayOf(T0), ALL, 10, null);
      expect(hits.map(({ time }) => time - T0)).toEqual([10_000, 0]);
      expect((await opened.stores.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(2);
      const { total, samples } = await opened.stores.rejectedLines.rejected();
      expect([total, samples.map(({ offset }) => offset)]).toEqual([1, [40]]);
      expect(await opened.stores.ingest.rejectedRanges()).toEqual([range(40, 50)]);
    });

    it('a range may be read again in parts; what is rejected again stays rejected, by what is known now', async () => {
      await rejectedAt([0, 10, 20, 30], [range(0, 40)]);
      await opened.stores.ingest.commit({
        hits: HitBatch.of([aHit(0)]),
        rejected: [lineAt(10)],
        checkpoints: [],
        rejectedRanges: [range(10, 20, 'new')],
        reread: [{ file: 1, start: 0, end: 20, lines: 2 }],
      });
      await opened.reopen();
      expect(await opened.stores.ingest.rejectedRanges()).toEqual([
        range(10, 20, 'new'),
        range(20, 40),
      ]);
      expect((await opened.stores.rejectedLines.rejected()).total).toBe(3);
      await opened.stores.ingest.commit({
        hits: HitBatch.of([aHit(20)]),
        rejected: [lineAt(30)],
        checkpoints: [],
        rejectedRanges: [range(30, 40, 'new')],
        reread: [{ file: 1, start: 20, end: 40, lines: 2 }],
      });
      expect((await opened.stores.rejectedLines.rejected()).total).toBe(2);
      expect((await opened.stores.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(2);
    });
  });
}
