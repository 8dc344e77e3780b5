import { expect, it } from 'vitest';
import { pathShares } from './path-shares';

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const axis = { from: 0, to: 100 * 60_000 };

it('shares the time that was measured, not the whole range', () => {
  const spans = [
    { from: at(0), to: at(30), path: 'direct' as const },
    { from: at(60), to: at(70), path: 'relay' as const },
  ];
  expect(pathShares({ spans }, axis).map(({ path, text }) => [path, text])).toEqual([
    ['direct', '75\u00a0%'],
    ['relay', '25\u00a0%'],
  ]);
});

it('cuts what lies outside of the range', () => {
  const spans = [
    { from: at(-50), to: at(50), path: 'idle' as const },
    { from: at(-90), to: at(-60), path: 'offline' as const },
    { from: at(50), to: at(150), path: 'direct' as const },
  ];
  expect(pathShares({ spans }, axis).map(({ path, share }) => [path, share])).toEqual([
    ['direct', 0.5],
    ['idle', 0.5],
  ]);
});

it('does not forget a path that was seen for a moment', () => {
  expect(pathShares({ spans: [{ from: at(5), to: at(5), path: 'relay' }] }, axis)).toHaveLength(1);
  expect(pathShares({ spans: [] }, axis)).toEqual([]);
});
