import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../util/time';
import { isTimeZone, systemTimeZone, TimeZone, zoneNamed } from './time-zone';

describe('a time zone', () => {
  it('is known by any spelling of its name', () => {
    expect(isTimeZone('europe/madrid')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
    expect(isTimeZone(systemTimeZone())).toBe(true);
  });

  it('has local clocks, in the past too', () => {
    const madrid = new TimeZone('Europe/Madrid');
    expect(madrid.offsetAt(Date.UTC(2026, 0, 1))).toBe(HOUR);
    expect(madrid.offsetAt(Date.UTC(2026, 6, 1))).toBe(2 * HOUR);
    expect(new TimeZone('Asia/Kathmandu').offsetAt(0)).toBe(5.5 * HOUR);
    expect(new TimeZone('America/St_Johns').offsetAt(Date.UTC(2026, 6, 1))).toBe(-2.5 * HOUR);
  });

  it('numbers its days as their dates', () => {
    const apia = new TimeZone('Pacific/Apia');
    expect(apia.dayOf(Date.UTC(2026, 10, 20, 11))).toBe(Date.UTC(2026, 10, 21) / DAY);
    expect(apia.dayOf(Date.UTC(2026, 10, 20, 10, 59))).toBe(Date.UTC(2026, 10, 20) / DAY);
    expect(new TimeZone('UTC').dayOf(-1)).toBe(-1);
  });

  it('is found by its name; UTC where it is not known here', () => {
    expect(zoneNamed('Europe/Madrid').name).toBe('Europe/Madrid');
    expect(zoneNamed('Mars/Olympus').name).toBe('UTC');
  });
});
