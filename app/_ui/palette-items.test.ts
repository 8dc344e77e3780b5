import { expect, test } from 'vitest';
import { findItems, type PaletteItem, paletteItems } from './palette-items';

const item = (label: string, detail = '', kind: PaletteItem['kind'] = 'device'): PaletteItem => ({
  kind,
  value: label,
  label,
  detail,
});

test('nothing loaded yet finds nothing', () => {
  expect(paletteItems(undefined, undefined)).toEqual([]);
});

test('every word must occur, in the label, the detail or the kind', () => {
  const items = [item('nas', 'ana@example.com'), item('/nas', '', 'endpoint')];
  expect(findItems(items, 'NAS ana', 9)).toEqual([items[0]]);
  expect(findItems(items, 'endpoint', 9)).toEqual([items[1]]);
  expect(findItems(items, 'nope', 9)).toEqual([]);
});

test('a label that starts with the query goes first, and the list is bounded', () => {
  const items = [item('x', 'web'), item('my-web'), item('web-1'), item('web-2')];
  expect(findItems(items, 'web', 3).map(({ label }) => label)).toEqual([
    'web-1',
    'web-2',
    'my-web',
  ]);
});
