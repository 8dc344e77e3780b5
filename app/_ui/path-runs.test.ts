import { describe, expect, it } from 'vitest';
import { advanceStrip, CELL_MS, pathStrip, stripPieces, worsePath } from './path-runs';

const NOW = Date.UTC(2026, 10, 24, 12, 7);
const CELL_START = Date.UTC(2026, 10, 24, 12, 0);

describe('pathStrip', () => {
  it('covers a day, the quarter of an hour that is running included', () => {
    const { until, runs } = pathStrip([], NOW);
    expect(until).toBe(CELL_START + CELL_MS);
    expect(runs).toEqual([{ path: null, cells: 96 }]);
  });

  it('leaves what nobody saw unknown, before and between', () => {
    const { runs } = pathStrip(
      [
        { from: CELL_START - 10 * CELL_MS, to: CELL_START - 9 * CELL_MS, path: 'direct' },
        { from: CELL_START, to: NOW, path: 'relay' },
      ],
      NOW,
    );
    expect(runs).toEqual([
      { path: null, cells: 85 },
      { path: 'direct', cells: 2 },
      { path: null, cells: 8 },
      { path: 'relay', cells: 1 },
    ]);
  });

  it('shows the worst of a cell, however short', () => {
    const from = CELL_START - CELL_MS;
    const spans = [
      { from, to: NOW, path: 'direct' as const },
      { from: from + 1000, to: from + 2000, path: 'offline' as const },
      { from: from + 3000, to: from + 4000, path: 'idle' as const },
    ];
    expect(pathStrip(spans, NOW).runs.slice(1)).toEqual([
      { path: 'offline', cells: 1 },
      { path: 'direct', cells: 1 },
    ]);
  });
});

describe('advanceStrip', () => {
  const day = pathStrip([{ from: NOW - 86_400_000, to: NOW, path: 'direct' }], NOW);
  const length = (strip: { runs: { cells: number }[] }) =>
    strip.runs.reduce((sum, { cells }) => sum + cells, 0);

  it('only ever makes the running cell worse', () => {
    const worse = advanceStrip(day, 'relay', NOW + 1000);
    expect(worse.runs.at(-1)).toEqual({ path: 'relay', cells: 1 });
    expect(advanceStrip(worse, 'direct', NOW + 2000)).toEqual(worse);
  });

  it('moves on with time and keeps its length', () => {
    const next = advanceStrip(day, 'direct', NOW + CELL_MS);
    expect(next.until).toBe(day.until + CELL_MS);
    expect(length(next)).toBe(96);
    expect(next.runs).toEqual([{ path: 'direct', cells: 96 }]);
  });

  it('does not claim the cells that passed unseen', () => {
    const later = advanceStrip(day, 'direct', NOW + 4 * CELL_MS);
    expect(later.runs).toEqual([
      { path: 'direct', cells: 92 },
      { path: null, cells: 3 },
      { path: 'direct', cells: 1 },
    ]);
  });

  it('survives a pause of days', () => {
    const later = advanceStrip(day, 'idle', NOW + 5 * 86_400_000);
    expect(later.runs).toEqual([
      { path: null, cells: 95 },
      { path: 'idle', cells: 1 },
    ]);
  });
});

describe('stripPieces', () => {
  it('lays the runs side by side over the whole axis', () => {
    const runs = [
      { path: null, cells: 48 },
      { path: 'direct' as const, cells: 24 },
      { path: 'relay' as const, cells: 24 },
    ];
    expect(stripPieces({ runs })).toEqual([
      { path: null, start: 0, width: 0.5 },
      { path: 'direct', start: 0.5, width: 0.25 },
      { path: 'relay', start: 0.75, width: 0.25 },
    ]);
  });
});

describe('worsePath', () => {
  it('takes any path over none, and offline over all', () => {
    expect(worsePath(null, 'idle')).toBe('idle');
    expect(worsePath('offline', 'relay')).toBe('offline');
    expect(worsePath(null, null)).toBeNull();
  });
});
