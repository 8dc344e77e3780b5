import { describe, expect, it } from 'vitest';
import { pathRuns, QUARTER_MS } from './path-runs';

const NOW = Date.UTC(2026, 10, 24, 12, 7);
const QUARTER_START = Date.UTC(2026, 10, 24, 12, 0);
const DAY = 96 * QUARTER_MS;

describe('the paths of a day', () => {
  it('cover a day, the quarter of an hour that is running included, which the path now is in', () => {
    expect(pathRuns([], 'direct', NOW)).toEqual([
      { path: null, quarters: 95 },
      { path: 'direct', quarters: 1 },
    ]);
    const whole = [{ from: NOW - 2 * DAY, to: NOW, path: 'direct' as const }];
    expect(pathRuns(whole, 'direct', NOW)).toEqual([{ path: 'direct', quarters: 96 }]);
  });

  it('leave what nobody saw unknown, before and between', () => {
    const spans = [
      {
        from: QUARTER_START - 10 * QUARTER_MS,
        to: QUARTER_START - 9 * QUARTER_MS,
        path: 'direct' as const,
      },
      { from: QUARTER_START, to: NOW, path: 'relay' as const },
    ];
    expect(pathRuns(spans, 'relay', NOW)).toEqual([
      { path: null, quarters: 85 },
      { path: 'direct', quarters: 2 },
      { path: null, quarters: 8 },
      { path: 'relay', quarters: 1 },
    ]);
    // A pause of days.
    const old = [{ from: NOW - 7 * DAY, to: NOW - 5 * DAY, path: 'direct' as const }];
    expect(pathRuns(old, 'idle', NOW)).toEqual([
      { path: null, quarters: 95 },
      { path: 'idle', quarters: 1 },
    ]);
  });

  it('show the worst of a quarter, however short, offline above all', () => {
    const from = QUARTER_START - QUARTER_MS;
    const spans = [
      { from, to: NOW, path: 'direct' as const },
      { from: from + 1000, to: from + 2000, path: 'offline' as const },
      { from: from + 3000, to: from + 4000, path: 'relay' as const },
    ];
    expect(pathRuns(spans, 'direct', NOW).slice(1)).toEqual([
      { path: 'offline', quarters: 1 },
      { path: 'direct', quarters: 1 },
    ]);
  });

  it('become worse with the path now, never better', () => {
    const spans = (path: 'direct' | 'relay') => [{ from: QUARTER_START, to: NOW - 1000, path }];
    expect(pathRuns(spans('direct'), 'relay', NOW).at(-1)).toEqual({ path: 'relay', quarters: 1 });
    expect(pathRuns(spans('relay'), 'direct', NOW).at(-1)).toEqual({ path: 'relay', quarters: 1 });
  });
});
