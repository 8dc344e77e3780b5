import { expect, test } from 'vitest';
import { TimeZone, UTC } from '@/lib/domain/time-zone';
import { muteLength, untilWords } from './mute-words';

const NOW = Date.UTC(2026, 10, 24, 16, 15);
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('the end of a mute is a clock time, with the day if that is another one', () => {
  expect(untilWords('2026-11-24T17:15:00Z', NOW, UTC)).toBe('17:15');
  expect(plain(untilWords('2026-11-25T00:15:00Z', NOW, UTC))).toBe('Nov 25 00:15');
  const stJohns = new TimeZone('America/St_Johns');
  expect(untilWords('2026-11-25T00:15:00Z', NOW, stJohns)).toBe('20:45');
});

test('its length agrees with its number', () => {
  expect([60, 480, 1440].map(muteLength).map(plain)).toEqual(['1 hour', '8 hours', '1 day']);
});
