import { describe, expect, it } from 'vitest';
import { say } from '../domain/said';
import { importReports } from './import';
import { MetricsFile } from './metrics-file';
import { report, testModels } from './test-doubles';
import { ModelTracker, ReportRefused } from './tracker';

const ROWS = `timestamp,model_name,mae,rmse,r2
2026-11-20T03:00:00,prophet_price_forecast,1.5,2,0.9
2026-11-21T03:00:00,prophet_price_forecast,1.6,2.1,0.88
2026-11-22T03:00:00,prophet_price_forecast,none,2.1,0.88
`;

describe('an import of reports', () => {
  it('takes in what it can read, once, and says what it cannot', async () => {
    const store = (await (await testModels()).open()).models;
    const faults = [{ line: 4, message: say('csvFaults.noMae') }];
    expect(faults[0]?.message.text).toBe('has no valid mae');
    const first = await importReports(store, ROWS);
    expect(first).toEqual({ added: 2, known: 0, models: 1, faults });
    expect(await importReports(store, ROWS)).toEqual({ added: 0, known: 2, models: 1, faults });
  });

  it('is seen by a server that is running, and gets into its file', async () => {
    const { open, csv } = await testModels();
    const store = await open();
    const file = new MetricsFile(csv, store.modelCsv);
    const tracker = new ModelTracker({ store: store.models, file, settings: {} });
    await tracker.record(report());
    await importReports((await open()).models, ROWS);
    await tracker.flush();
    expect(tracker.states().map(({ model, entries }) => [model, entries])).toEqual([
      ['prophet_price_forecast', 2],
      ['prophet/git', 1],
    ]);
    expect(tracker.states().map(({ last }) => last.imported === true)).toEqual([true, false]);
  });

  it('of too many models takes in nothing', async () => {
    const store = (await (await testModels()).open()).models;
    const many = Array.from({ length: 101 }, (_, i) => `2026-11-20,m${i},1`).join('\n');
    const text = `timestamp,model_name,mae\n${many}\n`;
    await expect(importReports(store, text)).rejects.toThrow(ReportRefused);
    expect(await store.models()).toEqual([]);
  });
});
