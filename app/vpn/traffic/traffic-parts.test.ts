import { describe, expect, it } from 'vitest';
import type { TrafficResponse } from '@/lib/api/traffic-schemas';
import { chartParts } from './traffic-parts';

const bytes = (rx_bytes: number) => ({ rx_bytes, tx_bytes: 1 });
const answer = (by: [string, number][], series: Record<string, number>[]): TrafficResponse => ({
  ...{ from: '', to: '', since: '', step_seconds: 86_400, time_zone: 'UTC', budgets: [] },
  ...{ total: bytes(0), checked_against: null },
  by: by.map(([key, rx]) => ({ key, name: `name of ${key}`, ...bytes(rx) })),
  series: series.map((parts) => ({
    ...{ time: '', ...bytes(0) },
    by: Object.fromEntries(Object.entries(parts).map(([key, rx]) => [key, bytes(rx)])),
  })),
});

describe('the parts of the chart', () => {
  it('are paths, with all regions of DERP as one', () => {
    const paths: [string, number][] = [
      ['direct', 90],
      ['relay:fra', 5],
      ['relay:ams', 4],
      ['unknown', 1],
    ];
    const parts = chartParts(
      answer(paths, [
        { direct: 90, 'relay:fra': 5 },
        { 'relay:ams': 4, unknown: 1 },
      ]),
      'path',
    );
    expect(parts.map(({ key, name, values }) => [key, name, values])).toEqual([
      ['direct', 'Direct', [91, 0]],
      ['relay', 'DERP relay', [6, 5]],
      ['unknown', 'Path not known', [0, 2]],
    ]);
    expect(new Set(parts.map(({ color }) => color)).size).toBe(3);
  });

  it('are devices, the largest first, and what is left together last', () => {
    const parts = chartParts(
      answer(
        [
          ['n1', 9],
          ['n2', 5],
          ['n3', 1],
        ],
        [{ n1: 9, n2: 5, '(other)': 1 }],
      ),
      'device',
    );
    expect(parts.map(({ name }) => name)).toEqual(['name of n1', 'name of n2', 'Others']);
  });
});
