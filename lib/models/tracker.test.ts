import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { BadCursor } from '../domain/errors';
import type { Stores } from '../store/ports/stores';
import { DAY, HOUR } from '../util/time';
import { MetricsFile } from './metrics-file';
import { report, T0, testModels } from './test-doubles';
import { MOST_MODELS, ModelTracker, ReportRefused } from './tracker';

describe('what models report', () => {
  let now = T0;
  let clockOff = 0;
  let csv: string;
  let open: () => Promise<Stores>;
  beforeEach(async () => {
    now = T0;
    clockOff = 0;
    ({ csv, open } = await testModels());
  });
  const start = async (settings = {}) => {
    const store = await open();
    const file = new MetricsFile(csv, store.modelCsv);
    const tracker = new ModelTracker({
      store: store.models,
      file,
      settings,
      now: () => now + clockOff,
      elapsed: () => now,
    });
    await tracker.restore();
    return tracker;
  };
  /** Records one report per day, at `now`. */
  const daily = async (tracker: ModelTracker, ...maes: number[]) => {
    for (const mae of maes) {
      now += DAY;
      await tracker.record(report({ time: now, metrics: { mae } }));
    }
  };
  const status = (tracker: ModelTracker) => tracker.states()[0]?.status;

  it('is learned from until there are five, and degraded from twice the median on, until it is not', async () => {
    const tracker = await start();
    await daily(tracker, 10, 11, 9, 10, 90);
    expect(status(tracker)).toBe('learning');
    await daily(tracker, 20);
    expect(status(tracker)).toBe('ok');
    await daily(tracker, 22);
    expect(tracker.states()[0]).toMatchObject({
      status: 'degraded',
      last: { baselineMae: 10.5, ratio: 22 / 10.5 },
    });
    await daily(tracker, 11);
    expect(status(tracker)).toBe('ok');
  });

  it('has a factor by model', async () => {
    const tracker = await start({ 'prophet/git': { factor: 3 } });
    await daily(tracker, 10, 10, 10, 10, 10, 25);
    expect(status(tracker)).toBe('ok');
    await daily(tracker, 31);
    expect(status(tracker)).toBe('degraded');
  });

  it('is missed after three times its usual interval, or as long as is set, or never', async () => {
    const usual = await start();
    await daily(usual, 10, 10, 10, 10);
    now += 71 * HOUR;
    expect(status(usual)).toBe('learning');
    now += 2 * HOUR;
    expect(usual.states()[0]).toMatchObject({ status: 'silent', entryStatus: 'learning' });
    expect(status(await start({ 'prophet/git': { silentAfterHours: 100 } }))).toBe('learning');
    expect(status(await start({ 'prophet/git': { silentAfterHours: 0 } }))).toBe('learning');
    await daily(usual, 10);
    expect(status(usual)).toBe('learning');
  });

  it('is missed by elapsed time, however the clock is set, also when it is read again', async () => {
    const tracker = await start();
    await daily(tracker, 10, 10, 10, 10);
    for (const off of [30 * DAY, -30 * DAY]) {
      clockOff = off;
      await tracker.flush();
      expect(status(tracker)).toBe('learning');
    }
    now += 73 * HOUR;
    expect(status(tracker)).toBe('silent');
  });

  it('is one when the same training is reported twice, also after a restart', async () => {
    const once = report({ trainedAt: T0 });
    const tracker = await start();
    const first = await tracker.record(once);
    expect(first.isNew).toBe(true);
    const again = await (await start()).record({ ...once, time: T0 + 5 });
    expect(again).toEqual({ entry: first.entry, isNew: false });
    expect(tracker.states()[0]?.entries).toBe(1);
    expect((await readFile(csv, 'utf8')).trim().split('\r\n')).toHaveLength(2);
    const other = { ...once, metrics: { mae: 99 } };
    await expect(tracker.record(other)).rejects.toThrow(ReportRefused);
    expect((await tracker.record({ ...once, version: '2.0' })).isNew).toBe(true);
  });

  it('without a training time is another one each time, also within a millisecond', async () => {
    const tracker = await start();
    await Promise.all([1, 1, 1].map((mae) => tracker.record(report({ metrics: { mae } }))));
    expect(tracker.states()[0]?.entries).toBe(3);
  });

  it('reads the same page by page as at once', async () => {
    const tracker = await start();
    await daily(tracker, ...Array.from({ length: 23 }, (_, i) => 5 + ((i * 7) % 11)));
    const { entries: all } = await tracker.history('prophet/git', 100, null);
    const pages = [];
    let cursor: string | null = null;
    do {
      const page = await tracker.history('prophet/git', 7, cursor);
      pages.unshift(...page.entries);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(pages).toEqual(all);
    expect(all).toHaveLength(23);
    await expect(tracker.history('prophet/git', 7, "' OR 1")).rejects.toThrow(BadCursor);
  });

  it('is forgotten when it is past keeping and in the file, and not before', async () => {
    const tracker = await start();
    await daily(tracker, 1, 2, 3);
    await tracker.prune(1);
    expect(tracker.states()[0]).toMatchObject({ entries: 2 });
    expect(await readFile(csv, 'utf8')).toContain('30 days,1,');
  });

  it('is refused of one model too many, so that a runaway job cannot bury the others', async () => {
    const tracker = await start();
    for (let i = 0; i < MOST_MODELS; i++) await tracker.record(report({ model: `m${i}` }));
    await expect(tracker.record(report({ model: 'more' }))).rejects.toThrow('100 models already');
    await tracker.record(report({ model: 'm3' }));
  });
});
