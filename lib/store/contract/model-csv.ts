import { describe, expect, it } from 'vitest';
import { type Open, openedPerTest } from './opened';
import { aReport, T0 } from './samples';

/** The requirements of every `ModelCsvStore`. */
export function modelCsvContract(name: string, open: Open<'models' | 'modelCsv'>): void {
  describe(`${name} about the CSV file of model reports`, () => {
    const opened = openedPerTest(open);
    const addThree = () =>
      opened.stores.models.addReports([0, 1, 2].map((i) => aReport({ time: T0 + i })));

    it('knows which entries are in the file and how it was left, over a restart too', async () => {
      const { modelCsv } = opened.stores;
      expect(await modelCsv.csvFileState()).toBe(null);
      const [first, second, third] = await addThree();
      expect(await modelCsv.notInCsv(2)).toEqual([first, second]);
      const state = { bytes: 2 ** 40, modifiedMs: T0 + 0.5 };
      await modelCsv.noteInCsv([first?.id ?? 0, second?.id ?? 0], state);
      await opened.reopen();
      expect(await opened.stores.modelCsv.notInCsv(2)).toEqual([third]);
      expect(await opened.stores.modelCsv.csvFileState()).toEqual(state);
    });

    it('lists all entries by id, in the file or not', async () => {
      const { modelCsv } = opened.stores;
      const [first, second, third] = await addThree();
      await modelCsv.noteInCsv([second?.id ?? 0], { bytes: 1, modifiedMs: 1 });
      expect(await modelCsv.entriesAfter(0, 2)).toEqual([first, second]);
      expect(await modelCsv.entriesAfter(second?.id ?? 0, 2)).toEqual([third]);
    });
  });
}
