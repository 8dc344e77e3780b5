import { describe, expect, it } from 'vitest';
import { TimeZone } from '@/lib/domain/time-zone';
import { DAY, HOUR } from '@/lib/util/time';
import { evenTicks, timeTicks } from './plot-scale';

describe('evenTicks', () => {
  it('reaches the maximum in even steps', () => {
    expect(evenTicks(112)).toEqual([0, 50, 100, 150]);
    expect(evenTicks(100)).toEqual([0, 50, 100]);
    expect(evenTicks(16)).toEqual([0, 5, 10, 15, 20]);
  });

  it('knows fractions of a millisecond', () => {
    expect(evenTicks(0.9)).toEqual([0, 0.5, 1]);
    expect(evenTicks(0.35)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
  });

  it('has a scale even when there is nothing', () => {
    expect(evenTicks(0).length).toBeGreaterThan(1);
  });
});

describe('timeTicks', () => {
  it('labels round hours, and midnight with its day', () => {
    const from = Date.UTC(2026, 10, 23, 5, 12);
    const labels = timeTicks(from, from + DAY, 8).map(({ label }) => label);
    expect(labels).toEqual([
      '06:00',
      '09:00',
      '12:00',
      '15:00',
      '18:00',
      '21:00',
      'Nov\u00a024',
      '03:00',
    ]);
  });

  it('stays within the room for any range', () => {
    for (const hours of [1, 24, 168, 720, 8760]) {
      const ticks = timeTicks(1_795_000_000_000, 1_795_000_000_000 + hours * HOUR, 8);
      expect(ticks.length).toBeGreaterThanOrEqual(4);
      expect(ticks.length).toBeLessThanOrEqual(9);
    }
  });

  it('is round on the clocks of a zone, through a change of them too', () => {
    const from = Date.UTC(2026, 9, 24, 12);
    const ticks = timeTicks(from, from + 2 * DAY, 8, new TimeZone('Europe/Madrid'));
    expect(ticks.map(({ label }) => label)).toEqual([
      '18:00',
      'Oct\u00a025',
      '06:00',
      '12:00',
      '18:00',
      'Oct\u00a026',
      '06:00',
      '12:00',
    ]);
    const midnights = ticks.filter(({ label }) => label.startsWith('Oct'));
    expect((midnights[1]?.time ?? 0) - (midnights[0]?.time ?? 0)).toBe(25 * HOUR);
  });
});
