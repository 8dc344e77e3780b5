import { expect, it } from 'vitest';
import { createTimeReader } from './timestamp';

const MINUTES = ['2026-11-20T10:00', '2026-11-20 10:00', '2026/11/20 10:01', '2026-02-30T10:00'];
const SECONDS = ['15', '59', '60', '6x', '1'];
const FRACTIONS = ['', '.5', '.123', ',25', '.123456789', '.1234567890', '.', '.12x'];
const OFFSETS = ['', 'Z', '+00:00', '+0100', ' -03:30', ' z', '+1'];

it('times that follow each other are read as each would be alone', () => {
  const reader = createTimeReader();
  for (const minute of MINUTES) {
    for (const offset of OFFSETS) {
      for (const fraction of FRACTIONS) {
        for (const second of SECONDS) {
          const text = `${minute}:${second}${fraction}${offset}`;
          for (const zone of ['utc', 'local'] as const) {
            expect(reader(text, zone), text).toBe(createTimeReader()(text, zone));
          }
        }
      }
    }
  }
  expect(reader('2026-11-20T10:00:15.250+01:00')).toBe(Date.UTC(2026, 10, 20, 9, 0, 15, 250));
  expect(reader('2026-11-20T10:00:16.5+01:00')).toBe(Date.UTC(2026, 10, 20, 9, 0, 16, 500));
  expect(reader('2026-11-20T10:00:16.5Z')).toBe(Date.UTC(2026, 10, 20, 10, 0, 16, 500));
});
