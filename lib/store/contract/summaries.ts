import { describe, expect, it } from 'vitest';
import { HOUR } from '../../util/time';
import { type Open, openedPerTest } from './opened';
import { T0 } from './samples';

/** The requirements of every `SummaryStore`. */
export function summariesContract(name: string, open: Open<'summaries'>): void {
  describe(`${name} as a store of summaries`, () => {
    const opened = openedPerTest(open);

    it('keeps the last tailnet summary', async () => {
      const { summaries } = opened.stores;
      expect(await summaries.lastTailnetSummary()).toBeNull();
      await summaries.addTailnetSummary({ time: T0, summary: { online: 3 } });
      await summaries.addTailnetSummary({ time: T0 + HOUR, summary: { online: 4 } });
      expect(await summaries.lastTailnetSummary()).toEqual({
        time: T0 + HOUR,
        summary: { online: 4 },
      });
    });
  });
}
