import { describe, expect, it } from 'vitest';
import { HitBatch } from '../../rollup/hit-batch';
import { type Open, openedPerTest } from './opened';
import { aCheckpoint } from './samples';

/** What every `RejectedLineStore` must do. */
export function rejectedLinesContract(name: string, open: Open<'ingest' | 'rejectedLines'>): void {
  describe(`${name} as a store of rejected lines`, () => {
    const opened = openedPerTest(open);

    it('counts rejected lines once and keeps samples', async () => {
      const rejected = [{ place: { file: 1, offset: 5 }, line: 'x'.repeat(9000), reason: 'odd' }];
      const batch = { hits: HitBatch.of([]), rejected, checkpoints: [aCheckpoint(9100)] };
      await opened.stores.ingest.commit(batch);
      await opened.stores.ingest.commit(batch);
      const { total, samples } = await opened.stores.rejectedLines.rejected();
      expect(total).toBe(1);
      expect(samples).toHaveLength(1);
      expect(samples[0]).toMatchObject({ path: '/var/log/nginx/access.log', reason: 'odd' });
      expect(samples[0]?.line).toHaveLength(2000);
    });
  });
}
