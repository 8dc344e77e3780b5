import { expect, test } from 'vitest';
import { TimeZone } from '@/lib/domain/time-zone';
import { parseView } from './view';
import { withZonedRange } from './zoned-range';

const rangeIn = (zone: string, query: string) =>
  parseView(withZonedRange(new URLSearchParams(query), new TimeZone(zone))).range;
const at = (iso: string) => Date.parse(iso);

test('a range typed or sent by a form is one of the zone of the page', () => {
  const evening = 'from=2026-11-25T18:00&to=2026-11-25T20:00';
  expect(rangeIn('Europe/Madrid', evening)).toEqual({
    from: at('2026-11-25T17:00:00Z'),
    to: at('2026-11-25T19:00:00Z'),
  });
  expect(rangeIn('America/St_Johns', evening)).toEqual({
    from: at('2026-11-25T21:30:00Z'),
    to: at('2026-11-25T23:30:00Z'),
  });
});

test('one that names its zone is left as it is', () => {
  const zoned = 'from=2026-11-25T18:00:00%2B02:00&to=2026-11-25T20:00:00Z';
  expect(rangeIn('Europe/Madrid', zoned)).toEqual({
    from: at('2026-11-25T16:00:00Z'),
    to: at('2026-11-25T20:00:00Z'),
  });
});

test('garbage stays garbage', () => {
  expect(rangeIn('Europe/Madrid', 'from=2026-99-99T18:00&to=soon')).toBe('7d');
});
