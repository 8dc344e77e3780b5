import { describe, expect, it } from 'vitest';
import { SLOT_MS } from '../domain/latency-model';
import { learnLatency, SLOTS_A_DAY } from './latency-model';

const BEGIN = Date.UTC(2026, 10, 1);
const DAY_SLOTS = SLOTS_A_DAY;

/** Returns half hours with a daily rhythm between 10 and 20 ms, as modified by `change`. */
const days = (n: number, change: (index: number, ms: number) => number | null = (_, ms) => ms) =>
  Array.from({ length: n * DAY_SLOTS }, (_, i) => {
    const wobble = ((i * 7919) % 11) / 20;
    const ms = 15 + 5 * Math.sin((2 * Math.PI * i) / DAY_SLOTS) + wobble;
    return { time: BEGIN + i * SLOT_MS, latencyMs: change(i, ms) };
  });
const known = (points: ReturnType<typeof days>) => {
  const model = learnLatency(points);
  if (model.state !== 'known') throw new Error(model.reason.text);
  return model;
};

describe('the normal latency of a device', () => {
  it('is not known before three days, and says how much is', () => {
    expect(learnLatency([])).toMatchObject({
      ...{ state: 'learning', reason: { text: '0 of 3 days measured so far' } },
    });
    const some = days(3).slice(0, -10);
    expect(learnLatency(some)).toMatchObject({
      reason: { text: '2.7 of 3 days measured so far' },
    });
  });

  it('is not known of a device that hardly ever answers', () => {
    const rare = days(6, (i, ms) => (i % 4 === 0 ? ms : null));
    expect(learnLatency(rare)).toMatchObject({
      state: 'learning',
      reason: { text: 'only 25\u00a0% of the time is measured; it takes a third' },
    });
  });

  it('follows the time of day, a day ahead', () => {
    const { next } = known(days(10));
    const of = (slot: number) => next.find(({ time }) => (time / SLOT_MS) % DAY_SLOTS === slot)!;
    expect(of(12).expectedMs).toBeGreaterThan(19);
    expect(of(36).expectedMs).toBeLessThan(11);
    expect(of(12).lowMs).toBeGreaterThan(of(36).highMs);
  });

  it('is not moved by a spike', () => {
    const spike = known(days(10, (i, ms) => (i === 10 * DAY_SLOTS - 1 ? 900 : ms))).next[0]!;
    const calm = known(days(10)).next[0]!;
    expect(spike.expectedMs - calm.expectedMs).toBeLessThan(0.2);
    expect(spike.highMs - calm.highMs).toBeLessThan(1);
  });

  it('takes a change that lasts for the new normal within three days', () => {
    const moved = (since: number) => known(days(14, (i, ms) => (i >= since ? ms + 60 : ms)));
    const early = moved(13 * DAY_SLOTS).past;
    const hours = early.filter(({ time }) => time >= BEGIN + 13 * DAY_SLOTS * SLOT_MS).slice(0, 12);
    for (const { expectedMs, highMs } of hours) {
      expect(highMs).toBeLessThan(expectedMs + 60);
    }
    const late = moved(11 * DAY_SLOTS).next[0]!;
    expect(late.lowMs).toBeLessThan(75);
    expect(late.highMs).toBeGreaterThan(75);
  });

  it('costs the same whatever the history: only the last 14 days count', () => {
    const long = days(60, (i, ms) => (i < 40 * DAY_SLOTS ? ms * 9 : ms));
    expect(known(long)).toEqual(known(long.slice(-14 * DAY_SLOTS)));
  });

  it('is never below zero, and has a band though every ping takes the same time', () => {
    const { next } = known(days(5, () => 0.04));
    for (const { lowMs, expectedMs, highMs } of next) {
      expect(lowMs).toBe(0);
      expect(highMs).toBeGreaterThan(expectedMs);
    }
  });
});
