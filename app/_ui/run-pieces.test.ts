import { expect, it } from 'vitest';
import { runPieces } from './run-pieces';

it('lays the paths of a day side by side over the whole axis', () => {
  const runs = [
    { path: null, quarters: 48 },
    { path: 'direct' as const, quarters: 24 },
    { path: 'relay' as const, quarters: 24 },
  ];
  expect(runPieces(runs)).toEqual([
    { path: null, start: 0, width: 0.5 },
    { path: 'direct', start: 0.5, width: 0.25 },
    { path: 'relay', start: 0.75, width: 0.25 },
  ]);
});
