import { describe, expect, it } from 'vitest';
import { DAY } from '@/lib/util/time';
import type { ModelEntryResponse } from '../../../lib/api/model-schemas';
import {
  axisOf,
  baselineDots,
  dotsOf,
  dotsPath,
  placeOf,
  scaleOf,
  versionChanges,
  withRoom,
} from './model-shapes';

const T0 = Date.UTC(2026, 10, 1);
const entry = (
  day: number,
  mae: number,
  more: Partial<ModelEntryResponse> = {},
): ModelEntryResponse => ({
  timestamp: new Date(T0 + day * DAY).toISOString(),
  version: null,
  trained_at: null,
  horizon: null,
  window: null,
  metrics: { mae },
  baseline_mae: null,
  ratio: null,
  status: 'learning',
  ...more,
});

describe('the chart of a model', () => {
  it('reaches from the first report to now, so that silence is seen', () => {
    const axis = axisOf([entry(0, 1), entry(3, 1)], T0 + 10 * DAY);
    expect(placeOf(T0, axis)).toBeCloseTo(0.02 / 1.04);
    expect(placeOf(T0 + 10 * DAY, axis)).toBeCloseTo(1 - 0.02 / 1.04);
    expect(placeOf(T0 - 99 * DAY, axis)).toBe(0);
  });

  it('breaks its lines where a report has no such number', () => {
    const entries = [entry(0, 1), entry(1, 2, { metrics: {} }), entry(2, 3)];
    const axis = { from: T0, to: T0 + 2 * DAY };
    expect(dotsPath(dotsOf(entries, 'mae'), axis, (v) => v / 4)).toBe('M0 75h0M1000 25h0');
    expect(baselineDots([entry(0, 1, { baseline_mae: 2 })], 3)).toEqual([{ time: T0, value: 6 }]);
  });

  it('is not flattened by one wild report, and goes below zero for a score that does', () => {
    const dots = (...values: number[]) => values.map((value, time) => ({ time, value }));
    expect(scaleOf([dots(...Array.from({ length: 99 }, () => 2), 900)])).toEqual({
      bottom: 0,
      top: 3,
    });
    expect(scaleOf([dots(0.4, -0.5)])).toEqual({ bottom: -0.5, top: 0.4 });
    expect(scaleOf([])).toEqual({ bottom: 0, top: 1 });
  });

  it('marks where the version changes, with a label where there is room', () => {
    const entries = ['1', '1', null, '1', '2', '3'].map((version, day) =>
      entry(day, 1, { version }),
    );
    const changes = versionChanges(entries);
    expect(changes.map(({ version }) => version)).toEqual(['1', '2', '3']);
    const axis = { from: T0, to: T0 + 100 * DAY };
    expect([...withRoom(changes, axis)].map(({ version }) => version)).toEqual(['1']);
    const near = { from: T0, to: T0 + 5 * DAY };
    expect(withRoom(changes, near).size).toBe(3);
  });
});
