import { describe, expect, it } from 'vitest';
import type { ModelEntry } from '../domain/model';
import { judge } from './baseline';
import { forecastAt, smooth } from './holt-winters';
import { learnLatency } from './latency-model';
import reference from './reference/model-statistics.json';
import { scoresOf } from './scores';

/** Compares with numpy, scikit-learn and statsmodels, as described in `reference/model_statistics.py`. */

const close = (ours: readonly number[], theirs: readonly number[]) => {
  expect(ours).toHaveLength(theirs.length);
  for (const [index, value] of ours.entries()) expect(value).toBeCloseTo(theirs[index]!, 6);
};
const outcomes = ({ actual, expected }: { actual: number[]; expected: number[] }) =>
  actual.map((value, index) => ({ actual: value, expected: expected[index]! }));

describe('the statistics of models', () => {
  it('score forecasts as scikit-learn does', () => {
    const { one } = reference.scores;
    const ours = scoresOf([outcomes(one)])!;
    close([ours.mae, ours.rmse, ours.r2!], [one.mae, one.rmse, one.r2]);
  });

  it('count only the variance within each series, so that far-apart devices do not pass for a good fit', () => {
    const { one, two } = reference.scores;
    const ours = scoresOf([outcomes(one), outcomes(two)])!;
    close([ours.mae, ours.rmse, ours.r2!], [two.mae, two.rmse, two.r2]);
  });

  it('have no R² where nothing varies, and no score where nothing came', () => {
    const steady = { actual: 4, expected: 4 };
    expect(scoresOf([[steady, steady]])).toEqual({ mae: 0, rmse: 0, r2: null });
    expect(scoresOf([[]])).toBeNull();
  });

  it('give each entry the median of at most 500 before it, as numpy has it', () => {
    const { mae, baseline, degraded } = reference.baselines;
    const entries = mae.map((value, id): ModelEntry => {
      const metrics = { mae: value };
      const nothing = { version: null, trainedAt: null, horizon: null, window: null };
      return { id, model: 'm', time: id, metrics, ...nothing };
    });
    const ours = judge(entries, 0, 2);
    expect(baseline.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => null));
    close(
      ours.slice(5).map(({ baselineMae }) => baselineMae!),
      baseline.slice(5).map((value) => value!),
    );
    expect(ours.map(({ status }) => status === 'degraded')).toEqual(degraded);
    expect(ours.slice(0, 6).map(({ status }) => status)).toEqual([
      ...Array.from({ length: 5 }, () => 'learning'),
      'ok',
    ]);
    // A page of the history gives the same results as all of it.
    expect(judge(entries.slice(50), 500, 2)).toEqual(ours.slice(550));
  });

  it('smooth as statsmodels does where nothing is an outlier', () => {
    const { values, level, season, alpha, gamma, fitted, forecast } = reference.holtWinters;
    const smoothing = { alpha, gamma, sigma: 0 };
    const { expected, end } = smooth(values, 0, { level, season, deviation: 1e6 }, smoothing);
    close(
      expected.map((one) => one.expected),
      fitted,
    );
    const next = forecast.map((_, i) => forecastAt(end, values.length - 1, i + 1, smoothing));
    close(
      next.map((one) => one.expected),
      forecast,
    );
  });

  it('hold the deviation where errors are normal', () => {
    expect(reference.consistency).toBeCloseTo(1, 2);
  });

  it('learn a device’s normal, through spikes and an outage, as the published equations do', () => {
    const { points, past, next } = reference.latency;
    const model = learnLatency(points);
    if (model.state !== 'known') throw new Error(model.reason.text);
    for (const [ours, theirs] of [
      [model.past, past],
      [model.next, next],
    ] as const) {
      expect(ours.map(({ time }) => time)).toEqual(theirs.map(({ time }) => time));
      close(
        ours.map(({ expectedMs }) => expectedMs),
        theirs.map(({ expected }) => expected),
      );
      close(
        ours.map(({ highMs }) => highMs),
        theirs.map(({ expected, deviation }) => expected + 3 * deviation),
      );
    }
  });
});
