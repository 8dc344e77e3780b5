import { describe, expect, it } from 'vitest';
import {
  axisOf,
  bandPath,
  type LatencyPoint,
  latencyLine,
  linePath,
  pathPieces,
  reach,
  spanPieces,
  totals,
} from './latency-shapes';

const gap = { avg: null, min: null, max: null, loss: null, path: null, sent: 0, received: 0 };
const point = (time: number, avg: number | null, more: Partial<LatencyPoint> = {}): LatencyPoint =>
  avg === null
    ? { time, ...gap, ...more }
    : {
        ...{ time, avg, min: avg - 1, max: avg + 1, loss: 0, path: 'direct' },
        ...{ sent: 5, received: 5, ...more },
      };
const same = (value: number) => value;

describe('linePath', () => {
  it('never draws across a gap', () => {
    const path = linePath([point(0, 5), point(1, 6), point(2, null), point(3, 7)], same, same);
    expect(path).toBe('M0 5h0L1 6M3 7h0');
  });

  it('is empty when nothing was measured', () => {
    expect(linePath([point(0, null)], same, same)).toBe('');
  });
});

describe('bandPath', () => {
  it('closes one shape for each stretch', () => {
    const path = bandPath(
      [point(0, 5), point(1, 6), point(2, null), point(3, 7), point(4, 8)],
      same,
      same,
    );
    expect(path).toBe('M0 6L1 7L1 5L0 4zM3 8L4 9L4 7L3 6z');
  });
});

describe('reach', () => {
  it('lets one wild pong leave the chart, and says how far it went', () => {
    const points = Array.from({ length: 100 }, (_, i) => point(i, 10));
    points[50] = point(50, 12, { max: 900 });
    expect(reach([{ name: 'git', points }])).toEqual({ top: 12, peak: 900 });
  });

  it('keeps a peak on the scale that is hardly above the rest', () => {
    const points = Array.from({ length: 100 }, (_, i) => point(i, 0.4, { max: 1.4 }));
    points[50] = point(50, 0.5, { max: 1.51 });
    expect(reach([{ name: 'git', points }])).toEqual({ top: 1.51, peak: 1.51 });
  });

  it('holds every average of every device', () => {
    const lines = [
      { name: 'a', points: [point(0, 3)] },
      { name: 'b', points: [point(0, 80)] },
    ];
    expect(reach(lines).top).toBe(80);
  });
});

describe('latencyLine and axisOf', () => {
  const wire = (connection_type: 'direct' | 'unknown', minute: number) => ({
    timestamp: new Date(minute * 60_000).toISOString(),
    latency_ms: 1,
    min_ms: 1,
    max_ms: 1,
    loss: 0,
    sent: 5,
    received: 5,
    connection_type,
  });
  const line = latencyLine({
    hostname: 'git',
    hours: 1,
    history: [wire('direct', 0), wire('unknown', 5)],
  });

  it('takes a round that could not be asked for no path', () => {
    expect(line.points.map(({ path }) => path)).toEqual(['direct', null]);
  });

  it('ends the axis with the last step, not with its start', () => {
    expect(axisOf(line)).toEqual({ from: 0, to: 600_000, stepMs: 300_000 });
  });
});

describe('pieces', () => {
  it('joins neighbours and leaves gaps out', () => {
    const points = [point(0, 1), point(1, 1), point(2, null), point(3, 1, { path: 'relay' })];
    expect(pathPieces({ name: 'git', points })).toEqual([
      { path: 'direct', start: 0, width: 0.5 },
      { path: 'relay', start: 0.75, width: 0.25 },
    ]);
  });

  it('cuts spans at the ends of the axis', () => {
    const at = (ms: number) => new Date(ms).toISOString();
    expect(
      spanPieces([{ from: at(0), to: at(150), path: 'idle' }], { from: 100, to: 200 }),
    ).toEqual([{ path: 'idle', start: 0, width: 0.5 }]);
  });
});

describe('totals', () => {
  it('counts only what was measured', () => {
    const lossy = point(2, 20, { loss: 0.5, sent: 10, received: 5 });
    expect(totals([point(0, 10), point(1, null), lossy])).toEqual({
      avg: 15,
      min: 9,
      max: 21,
      loss: expect.closeTo(1 / 3),
    });
    // Not the mean of the steps' means: one step has five rounds, the other one.
    expect(totals([point(0, 10, { sent: 25, received: 25 }), point(1, 40)]).avg).toBe(15);
    expect(totals([point(0, null)])).toEqual({ avg: null, min: null, max: null, loss: null });
  });
});
