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

it('seconds since 1970 are read to the millisecond, however many digits they have', () => {
  const reader = createTimeReader();
  const texts = {
    '1763700000.1234': 1_763_700_000_123,
    '1763700000.1235000': 1_763_700_000_124,
    '1763700000.9999': 1_763_700_001_000,
    '1763700000.5': 1_763_700_000_500,
    '1763700000.004999999999': 1_763_700_000_005,
    '1763700000': 1_763_700_000_000,
    '1.7637e9': 1_763_700_000_000,
    '1763700000123.25': 1_763_700_000_123,
    '1763700000123456789': 1_763_700_000_123,
  };
  for (const [text, time] of Object.entries(texts)) expect(reader(text), text).toBe(time);
  for (const text of ['1763700000.', '.5', '1763700000.1.2', '1763700000.12x', '-1.5', '0.0', ''])
    expect(reader(text), text).toBeNaN();
});
