import { describe, expect, it, test } from 'vitest';
import {
  formatBucket,
  formatBytes,
  formatChange,
  formatCount,
  formatDuration,
  formatInstant,
  formatIso,
  formatLatency,
  formatOffset,
  formatPeriod,
  formatQuantity,
  formatRelative,
  formatShare,
  pluralize,
} from './format';
import { TimeZone } from './time-zone';

const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ');
const NOW = Date.UTC(2026, 10, 24, 3, 34, 11);

test('counts have thousands separators and quantities agree with their number', () => {
  expect(formatCount(1_284_000)).toBe('1,284,000');
  expect(plain(formatQuantity(1, 'device'))).toBe('1 device');
  expect(plain(formatQuantity(0, 'person', 'people'))).toBe('0 people');
  expect(pluralize(1, 'person', 'people')).toBe('person');
  expect(pluralize(2, 'hour')).toBe('hours');
});

test('a period reads well after “per”', () => {
  expect(formatPeriod(3_600_000)).toBe('hour');
  expect(plain(formatPeriod(6 * 3_600_000))).toBe('6 hours');
  expect(plain(formatPeriod(300_000))).toBe('5 minutes');
  expect(formatPeriod(86_400_000)).toBe('day');
  expect(formatPeriod(7 * 86_400_000)).toBe('week');
});

test('bytes keep three significant digits and never show 1,000 of a unit', () => {
  expect(plain(formatBytes(0))).toBe('0 B');
  expect(plain(formatBytes(999))).toBe('999 B');
  expect(plain(formatBytes(999.6))).toBe('1 kB');
  expect(plain(formatBytes(1536))).toBe('1.54 kB');
  expect(plain(formatBytes(2_412_000_000))).toBe('2.41 GB');
  expect(plain(formatBytes(5e18))).toBe('5,000 PB');
});

test('latency picks the unit a person would say, and not known is not zero', () => {
  expect(formatLatency(null)).toBe('—');
  expect(plain(formatLatency(0))).toBe('0 ms');
  expect(plain(formatLatency(0.42))).toBe('0.42 ms');
  expect(plain(formatLatency(120.4))).toBe('120 ms');
  expect(plain(formatLatency(999.6))).toBe('1 s');
  expect(plain(formatLatency(1250))).toBe('1.25 s');
  expect(plain(formatLatency(150_000))).toBe('2.5 min');
});

test('durations use their largest whole unit and are never negative', () => {
  expect(plain(formatDuration(-5))).toBe('0 s');
  expect(plain(formatDuration(59_999))).toBe('59 s');
  expect(plain(formatDuration(60_000))).toBe('1 min');
  expect(plain(formatDuration(3_600_000))).toBe('1 h');
  expect(plain(formatDuration(47.9 * 3_600_000))).toBe('47 h');
  expect(plain(formatDuration(2 * 86_400_000))).toBe('2 d');
});

test('relative times tell past from future', () => {
  expect(formatRelative(NOW, NOW + 999)).toBe('just now');
  expect(plain(formatRelative(NOW - 40_000, NOW))).toBe('40 s ago');
  expect(plain(formatRelative(NOW + 6 * 86_400_000, NOW))).toBe('in 6 d');
});

test('a share is all or nothing only when it is', () => {
  expect(plain(formatShare(0))).toBe('0 %');
  expect(plain(formatShare(0.0001))).toBe('<0.1 %');
  expect(plain(formatShare(0.042))).toBe('4.2 %');
  expect(plain(formatShare(0.9999))).toBe('>99 %');
  expect(plain(formatShare(1))).toBe('100 %');
});

describe('change', () => {
  test('says more, fewer, times and the same', () => {
    expect(plain(formatChange(112, 100))).toBe('12 % more than');
    expect(plain(formatChange(60, 100))).toBe('40 % fewer than');
    expect(formatChange(250, 100)).toBe('2.5 times');
    expect(formatChange(1001, 1000)).toBe('about as many as');
    expect(formatChange(7, 7)).toBe('as many as');
  });

  test('is nothing when there was nothing before', () => {
    expect(formatChange(5, 0)).toBeNull();
  });
});

test('instants and buckets are UTC, buckets no finer than their step', () => {
  expect(formatInstant(NOW)).toBe('2026-11-24 03:34:11 UTC');
  expect(plain(formatBucket(NOW, 86_400_000, true))).toBe('Nov 24');
  expect(plain(formatBucket(NOW, 3_600_000, true))).toBe('Nov 24 03:34');
  expect(formatBucket(NOW, 3_600_000, false)).toBe('03:34');
});

test('a day of another year than the reference is written with its year', () => {
  const later = Date.UTC(2027, 0, 2);
  expect(plain(formatBucket(NOW, 86_400_000, true, later))).toBe('Nov 24 2026');
  expect(plain(formatBucket(later, 3_600_000, true, later))).toBe('Jan 2 00:00');
});

describe('times in a zone', () => {
  const winter = Date.UTC(2026, 10, 24, 22, 34, 11);
  const summer = Date.UTC(2026, 6, 24, 22, 34, 11);
  const madrid = new TimeZone('Europe/Madrid');
  const stJohns = new TimeZone('America/St_Johns');

  it('say what its clocks show, and how far they are ahead', () => {
    expect(formatInstant(winter)).toBe('2026-11-24 22:34:11 UTC');
    expect(formatInstant(winter, madrid)).toBe('2026-11-24 23:34:11 UTC+1');
    expect(formatInstant(summer, madrid)).toBe('2026-07-25 00:34:11 UTC+2');
    expect(formatInstant(winter, stJohns)).toBe('2026-11-24 19:04:11 UTC−3:30');
    expect(formatOffset(5.75 * 3_600_000)).toBe('UTC+5:45');
  });

  it('are ISO 8601 with the offset in a table to take along', () => {
    expect(formatIso(winter, new TimeZone('UTC'))).toBe('2026-11-24T22:34:11Z');
    expect(formatIso(summer, madrid)).toBe('2026-07-25T00:34:11+02:00');
    expect(formatIso(winter, stJohns)).toBe('2026-11-24T19:04:11-03:30');
    expect(Date.parse(formatIso(winter, stJohns))).toBe(winter);
  });
});
