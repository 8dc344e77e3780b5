import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Stores } from '../store/ports/stores';
import { HOUR } from '../util/time';
import { MetricsFile } from './metrics-file';
import { readReports } from './report-csv';
import { report, T0, testModels } from './test-doubles';

describe('metrics_history.csv', () => {
  let csv: string;
  let store: Stores;
  let file: MetricsFile;
  beforeEach(async () => {
    const made = await testModels();
    csv = made.csv;
    store = await made.open();
    file = new MetricsFile(csv, store.modelCsv, () => T0);
  });
  const add = async (...maes: number[]) => {
    await store.models.addReports(
      maes.map((mae) => report({ metrics: { mae }, time: T0 + mae * HOUR })),
    );
  };
  const text = () => readFile(csv, 'utf8');
  const maes = async () => {
    const { reports, faults } = readReports(await text());
    expect(faults).toEqual([]);
    return reports.map(({ metrics }) => metrics.mae);
  };
  const aside = async () =>
    (await readdir(path.dirname(csv))).filter((name) => name.includes('kept'));

  it('has a header, a row for each report, and reads back as what was written', async () => {
    const odd = report({
      version: 'a "quoted", one',
      horizon: null,
      trainedAt: T0 - HOUR,
      metrics: { mae: 1, rmse: 2, r2: -0.5, coverage: 0.9, mape: 0.1 },
    });
    await store.models.addReports([odd, report({ model: 'other' })]);
    await file.flush();
    expect((await text()).split('\r\n').slice(0, 2)).toEqual([
      'timestamp,model_name,version,trained_at,horizon,window,mae,rmse,r2,other_metrics',
      '2026-11-24T04:00:00.000Z,prophet/git,"a ""quoted"", one",2026-11-24T03:00:00.000Z,,30 days,1,2,-0.5,"{""coverage"":0.9,""mape"":0.1}"',
    ]);
    const { reports, faults, isOurs } = readReports(await text());
    expect({ reports, faults, isOurs }).toEqual({
      reports: [odd, report({ model: 'other' })],
      faults: [],
      isOurs: true,
    });
    expect(file.notice).toBeNull();
  });

  it('grows by what is new, in order, and is written once', async () => {
    await add(1, 2);
    await file.flush();
    await add(3);
    await file.flush();
    await file.flush();
    expect(await maes()).toEqual([1, 2, 3]);
    expect(file.notice).toBeNull();
  });

  it('is made whole after a crash at any byte of an append, without a row lost or doubled', async () => {
    await add(1);
    await file.flush();
    const before = await text();
    await add(2, 3);
    await file.flush();
    const rows = (await text()).slice(before.length);
    for (let cut = 0; cut <= rows.length; cut += 7) {
      const again = await testModels();
      const other = await again.open();
      const crashed = new MetricsFile(again.csv, other.modelCsv);
      await other.models.addReports([report({ metrics: { mae: 1 }, time: T0 + HOUR })]);
      await crashed.flush();
      await other.models.addReports(
        [2, 3].map((mae) => report({ metrics: { mae }, time: T0 + mae * HOUR })),
      );
      await appendFile(again.csv, rows.slice(0, cut));
      const restarted = new MetricsFile(again.csv, (await again.open()).modelCsv);
      await restarted.flush();
      expect(await readFile(again.csv, 'utf8')).toBe(before + rows);
      expect(restarted.notice).toBeNull();
    }
  });

  it('that was edited and is whole is continued, and it is said', async () => {
    await add(1, 2);
    await file.flush();
    const [header, , second] = (await text()).split('\r\n');
    await writeFile(csv, `${header}\n${second}\n`);
    await add(3);
    await file.flush();
    expect(await maes()).toEqual([2, 3]);
    expect(file.notice?.text).toContain('changed by another process');
    expect(await aside()).toEqual([]);
  });

  it.each([
    ['cut off in a row', (whole: string) => whole.slice(0, -9), 'line 3 has 6 fields'],
    [
      'left with an open quote',
      (whole: string) => `${whole}"${' '.repeat(200_000)}`,
      'line 4 has a quote that never ends',
    ],
    [
      'cut off before its line end',
      (whole: string) => whole.slice(0, -2),
      'its last line is cut off',
    ],
    ['robbed of its header', (whole: string) => whole.slice(20), 'line 1 has no column timestamp'],
    ['something else altogether', () => '\u0000\ufffe PNG', 'line 1 has no column'],
  ])('that was %s is kept under another name, and written anew', async (_, spoil, says) => {
    await add(1, 2);
    await file.flush();
    const spoiled = spoil(await text());
    await writeFile(csv, spoiled);
    await add(3);
    await file.flush();
    expect(await maes()).toEqual([1, 2, 3]);
    expect(file.notice?.text).toContain(says);
    const [kept] = await aside();
    expect(await readFile(path.join(path.dirname(csv), kept!), 'utf8')).toBe(spoiled);
  });

  it('that another process put there is not written over', async () => {
    await mkdir(path.dirname(csv), { recursive: true });
    await writeFile(csv, 'timestamp,model_name,mae\n2025-01-01,old,4\n');
    await add(1);
    await file.flush();
    expect(await maes()).toEqual([1]);
    expect(file.notice?.text).toContain('other columns than ours');
    expect(await aside()).toHaveLength(1);
  });

  it('that was deleted is written again, whole', async () => {
    await add(1, 2);
    await file.flush();
    await rm(csv);
    await add(3);
    await file.flush();
    expect(await maes()).toEqual([1, 2, 3]);
    expect(file.notice?.text).toContain('was gone');
  });

  it('says in words when it cannot be written, and is made good later', async () => {
    await add(1);
    await writeFile(path.dirname(csv), 'a file where the folder belongs');
    await expect(file.flush()).rejects.toThrow(/its folder is a file; move it away|folder of that/);
    await rm(path.dirname(csv));
    await file.flush();
    expect(await maes()).toEqual([1]);
  });
});

describe('a CSV from elsewhere', () => {
  it('is read with pandas’ times and other columns of numbers, and its faults are reported by line', () => {
    const { reports, faults, isOurs } = readReports(
      '\ufefftimestamp,model_name,mae,rmse,mape\n2026-11-24 03:34:11.123456,prophet_price_forecast,1.5,2,0.1\n2026-11-24T03:00:00+01:00,x,abc,1,\n\nyesterday,x,1,1,1\n2026-11-24,x,3,,nan\n',
    );
    expect(isOurs).toBe(false);
    expect(reports).toMatchObject([
      {
        model: 'prophet_price_forecast',
        time: Date.UTC(2026, 10, 24, 3, 34, 11, 123),
        metrics: { mae: 1.5, rmse: 2, mape: 0.1 },
      },
      { model: 'x', time: Date.UTC(2026, 10, 24), metrics: { mae: 3 } },
    ]);
    const found = faults.map(({ line, message }) => ({ line, message: message.text }));
    expect(found).toEqual([
      { line: 3, message: 'has no valid mae' },
      { line: 5, message: 'has no valid time: "yesterday"' },
    ]);
  });

  it('may leave the model to be named', () => {
    const text = 'timestamp,mae\n2026-11-24,3\n';
    expect(readReports(text).faults).toHaveLength(1);
    expect(readReports(text, 'nightly').reports).toMatchObject([{ model: 'nightly' }]);
  });
});
