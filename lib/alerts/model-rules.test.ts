import { describe, expect, it } from 'vitest';
import type { ModelState } from '../domain/model';
import { DAY } from '../util/time';
import { readingOf, T0 } from './test-doubles';

describe('a model', () => {
  const entry = {
    id: 9,
    model: 'prophet/git',
    time: T0,
    version: '1.1',
    trainedAt: null,
    horizon: null,
    window: null,
    metrics: { mae: 4.4 },
    baselineMae: 2,
    ratio: 2.2,
    status: 'degraded' as const,
  };
  const model = (more: Partial<ModelState> = {}): ModelState => ({
    model: 'prophet/git',
    status: 'degraded',
    entryStatus: 'degraded',
    last: entry,
    baseline: { mae: 2 },
    factor: 2,
    silentAfterMs: 3 * DAY,
    entries: 9,
    ...more,
  });

  it('that is worse than it was is an alert at once, with the numbers', () => {
    expect(readingOf('model_degraded', { models: [model()] })).toMatchObject({
      topic: 'model_degraded_prophet/git',
      state: 'bad',
      raiseRounds: 1,
      title: 'The model prophet/git has become worse: its error is 2.2 times what it used to be',
      evidence: [
        { label: 'MAE', value: '4.4' },
        { label: 'Baseline', value: '2, allowed up to 2 times that' },
        { label: 'Reported', value: '2026-11-24 04:00:00 UTC' },
        { label: 'Version', value: '1.1' },
      ],
    });
    const { last } = model();
    const imported = model({ status: 'silent', last: { ...last, imported: true } });
    expect(readingOf('model_degraded', { models: [imported] })).toBeUndefined();
    expect(readingOf('model_silent', { models: [imported] })).toBeUndefined();
    const fine = model({ status: 'ok', entryStatus: 'ok' });
    expect(readingOf('model_degraded', { models: [fine] })?.state).toBe('good');
    expect(
      readingOf('model_degraded', { models: [model({ entryStatus: 'learning' })] }),
    ).toBeUndefined();
  });

  it('that has stopped reporting is an alert, and stays degraded if it was', () => {
    const silent = { models: [model({ status: 'silent' })] };
    expect(readingOf('model_silent', silent)).toMatchObject({
      state: 'bad',
      topic: 'model_silent_prophet/git',
      evidence: [{ label: 'Last report' }, { label: 'Expected within', value: '3\u00a0d' }],
    });
    expect(readingOf('model_degraded', silent)?.state).toBe('bad');
    expect(readingOf('model_silent', { models: [model({ silentAfterMs: null })] })).toBeUndefined();
  });
});
