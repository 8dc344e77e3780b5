import { describe, expect, it } from 'vitest';
import { BadCursor } from '../../domain/errors';
import type { ModelReport } from '../../domain/model';
import { HOUR } from '../../util/time';
import { type Open, openedPerTest } from './opened';
import { aReport, T0 } from './samples';

/** The requirements of every `ModelStore`. */
export function modelsContract(name: string, open: Open<'models' | 'modelCsv'>): void {
  describe(`${name} as a store of model reports`, () => {
    const opened = openedPerTest(open);
    const hourly = (count: number) =>
      Array.from({ length: count }, (_, i) => aReport({ time: T0 + i * HOUR }));

    it('gives back a report as it was', async () => {
      const { models } = opened.stores;
      const full = aReport({ trainedAt: T0 - HOUR, metrics: { mae: 1, coverage: 0.9 } });
      const bare = aReport({ version: null, horizon: null, window: null, trainedAt: T0 });
      const [first, second] = await models.addReports([full, bare]);
      expect([first, second]).toMatchObject([full, bare]);
      expect(await models.entryOf('prophet/git', '1.0', T0 - HOUR)).toEqual(first);
      expect(await models.entryOf('prophet/git', null, T0)).toEqual(second);
      expect(await models.entryOf('prophet/git', '2.0', T0)).toBe(null);
    });

    it('stores a report once: by its training time, or by its own where it has none', async () => {
      const { models } = opened.stores;
      const trained = aReport({ trainedAt: T0 });
      expect(await models.addReports([trained, aReport()])).toHaveLength(2);
      const again = [aReport({ trainedAt: T0, time: T0 + HOUR }), aReport()];
      expect(await models.addReports(again)).toEqual([]);
      const other = [
        aReport({ time: T0 + 1 }),
        aReport({ version: '2.0' }),
        aReport({ model: 'm' }),
      ];
      expect(await models.addReports(other)).toMatchObject(other);
      expect(await models.models()).toEqual([
        { model: 'm', entries: 1 },
        { model: 'prophet/git', entries: 4 },
      ]);
    });

    it('stores all reports of a call or none', async () => {
      const { models } = opened.stores;
      const broken = { ...aReport({ time: T0 + 1 }), horizon: undefined } as unknown as ModelReport;
      await expect(models.addReports([aReport(), broken])).rejects.toThrow();
      expect(await models.models()).toEqual([]);
    });

    it('pages backwards through a model, with what comes before a page', async () => {
      const { models } = opened.stores;
      await models.addReports([...hourly(7), aReport({ model: 'other' })]);
      const hours = (entries: readonly { time: number }[]) =>
        entries.map(({ time }) => (time - T0) / HOUR);
      const newest = await models.entries('prophet/git', 3, 2, null);
      expect([hours(newest.before), hours(newest.entries)]).toEqual([
        [2, 3],
        [4, 5, 6],
      ]);
      const older = await models.entries('prophet/git', 3, 2, newest.nextCursor);
      expect([hours(older.before), hours(older.entries)]).toEqual([[0], [1, 2, 3]]);
      const oldest = await models.entries('prophet/git', 3, 2, older.nextCursor);
      expect(oldest).toMatchObject({ before: [], nextCursor: null });
      expect(hours(oldest.entries)).toEqual([0]);
      await expect(models.entries('prophet/git', 3, 0, "' OR 1")).rejects.toThrow(BadCursor);
    });

    it('forgets what is old and in the CSV file', async () => {
      const { models, modelCsv } = opened.stores;
      const [first, second] = await models.addReports(hourly(3));
      expect(await models.pruneReports(T0 + 2 * HOUR)).toBe(false);
      const ids = [first?.id ?? 0];
      await modelCsv.noteInCsv(ids, { bytes: 1, modifiedMs: 1 });
      expect(await models.pruneReports(T0 + 2 * HOUR)).toBe(true);
      expect(await models.models()).toEqual([{ model: 'prophet/git', entries: 2 }]);
      const { entries } = await models.entries('prophet/git', 9, 0, null);
      expect(entries[0]).toEqual(second);
    });
  });
}
