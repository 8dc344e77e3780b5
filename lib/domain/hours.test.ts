import { describe, expect, it } from 'vitest';
import { type Hours, isWithin } from './hours';
import { UTC, zoneNamed } from './time-zone';

const at = (hours: Partial<Hours>, time: string, zone = UTC) =>
  isWithin({ days: null, from: 0, to: 1_440, ...hours }, Date.parse(time), zone);
const NIGHT = { from: 22 * 60, to: 7 * 60 };

describe('hours', () => {
  it('begin with their first minute and end before their last', () => {
    const office = { from: 8 * 60, to: 18 * 60 };
    expect(at(office, '2026-11-24T07:59:59Z')).toBe(false);
    expect(at(office, '2026-11-24T08:00:00Z')).toBe(true);
    expect(at(office, '2026-11-24T17:59:59Z')).toBe(true);
    expect(at(office, '2026-11-24T18:00:00Z')).toBe(false);
  });

  it('reach over midnight, and belong to the day on which they begin', () => {
    // 2026-11-27 is a Friday.
    const friday = { ...NIGHT, days: [4] };
    expect(at(NIGHT, '2026-11-27T23:00:00Z')).toBe(true);
    expect(at(NIGHT, '2026-11-27T06:59:00Z')).toBe(true);
    expect(at(NIGHT, '2026-11-27T12:00:00Z')).toBe(false);
    expect(at(friday, '2026-11-27T23:00:00Z')).toBe(true);
    expect(at(friday, '2026-11-28T03:00:00Z')).toBe(true);
    expect(at(friday, '2026-11-27T03:00:00Z')).toBe(false);
    expect(at(friday, '2026-11-28T23:00:00Z')).toBe(false);
  });

  it('are those of the owner’s clock, in summer and in winter', () => {
    const madrid = zoneNamed('Europe/Madrid');
    expect(at(NIGHT, '2026-07-01T20:00:00Z', madrid)).toBe(true);
    expect(at(NIGHT, '2026-07-01T05:00:00Z', madrid)).toBe(false);
    expect(at(NIGHT, '2026-12-01T20:59:00Z', madrid)).toBe(false);
    expect(at(NIGHT, '2026-12-01T05:59:00Z', madrid)).toBe(true);
  });

  it('are a whole day where they end when they begin', () => {
    expect(at({ from: 720, to: 720, days: [4] }, '2026-11-27T12:00:00Z')).toBe(true);
    expect(at({ from: 720, to: 720, days: [4] }, '2026-11-28T11:59:00Z')).toBe(true);
    expect(at({ from: 720, to: 720, days: [4] }, '2026-11-27T11:59:00Z')).toBe(false);
  });
});
