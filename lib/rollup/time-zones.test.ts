import { describe, expect, it } from 'vitest';
import type { TimeRange } from '../domain/access';
import { LATENCY_ERROR } from '../domain/latency';
import { TimeZone } from '../domain/time-zone';
import { DAY, HOUR, MINUTE } from '../util/time';
import { Periods } from './periods';
import { QueryEngine } from './query-engine';
import { answer } from './question';
import { HOURLY, RESOLUTIONS, startOf } from './resolutions';
import { CLOCK_CHANGES, MemorySource } from './test-doubles';

const EVERYONE = { bots: true, nonTailnet: true };

/** Which roll-ups have been made: none yet, as after another zone was set; some of them; all. */
const STATES = { none: 0, some: 0.5, all: 1 };

/** Hits about every half hour for four weeks around `at`, more of them at full and half hours. */
function hitsAround(at: number): { source: MemorySource; times: number[] } {
  const source = new MemorySource();
  const times: number[] = [];
  for (let time = at - 14 * DAY; time < at + 14 * DAY; time += Math.random() * 60 * MINUTE) {
    const moment = Math.floor(Math.random() < 0.2 ? startOf(time, 15 * MINUTE) : time);
    times.push(moment);
    const i = times.length;
    source.add({
      time: moment,
      endpoint: `/${i % 5}`,
      ip: `100.64.0.${i % 4}`,
      responseMs: i % 90,
    });
  }
  return { source, times };
}

/** Makes a share of all periods' roll-ups, and of the parts of the hours they begin in. */
function make(source: MemorySource, periods: Periods, range: TimeRange, share: number): void {
  const made = new Set<string>();
  const add = (from: number, to: number) => made.add(`${to - from} ${from}`);
  for (const resolution of RESOLUTIONS.slice(1)) {
    for (const { from, to } of periods.of(range, resolution)) {
      if (Math.random() >= share) continue;
      add(from, to);
      for (const time of [from, to]) {
        const hour = startOf(time, HOURLY);
        if (hour === time) continue;
        add(hour, time);
        add(time, hour + HOURLY);
      }
    }
  }
  source.isMade = (length, start) => made.has(`${length} ${start}`);
}

function aRange(at: number): TimeRange {
  const from = Math.floor(at - Math.random() * 13 * DAY);
  return { from, to: Math.floor(from + 1 + Math.random() ** 2 * 26 * DAY) };
}

describe.each(CLOCK_CHANGES)('%s around %d', (name, at) => {
  const zone = new TimeZone(name);
  const periods = new Periods(zone);
  const whole = { from: at - 20 * DAY, to: at + 20 * DAY };
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: name });
  const dateOf = (time: number) => format.format(time);

  it.each(Object.entries(STATES))(
    'counts as a naive count does, with %s roll-ups made',
    (_, share) => {
      const { source, times } = hitsAround(at);
      make(source, periods, whole, share);
      const engine = new QueryEngine(source, () => periods);
      for (let i = 0; i < 6; i++) {
        const range = aRange(at);
        const inside = times.filter((time) => time >= range.from && time < range.to);
        const usage = answer(engine.usage(range, EVERYONE), source);
        expect(usage.totalAccesses).toBe(inside.length);
        expect(usage.timeZone).toBe(name);
        expect(usage.bytes).toBe(inside.length * 10);
        expect(answer(engine.totals(range, EVERYONE), source).hits).toBe(inside.length);
        const sorted = inside.map((time) => (times.indexOf(time) + 1) % 90).sort((a, b) => a - b);
        const median = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
        if (sorted.length > 40) {
          expect(Math.abs((usage.p50Ms ?? 0) - median)).toBeLessThanOrEqual(
            median * LATENCY_ERROR + 1,
          );
        }
        usage.series.forEach(({ time, hits }, point) => {
          const next = usage.series[point + 1]?.time ?? Number.POSITIVE_INFINITY;
          expect(hits).toBe(inside.filter((t) => t >= time && t < next).length);
          if (usage.stepMs === DAY && point > 0) expect(dateOf(time)).not.toBe(dateOf(time - 1));
        });
      }
    },
  );

  it('has a bar for each local date that there was', () => {
    const { source, times } = hitsAround(at);
    make(source, periods, whole, 0.5);
    const engine = new QueryEngine(source, () => periods);
    // Long enough for bars of days.
    const range = { from: at - 14 * DAY, to: at + 40 * DAY };
    const usage = answer(engine.usage(range, EVERYONE), source);
    expect(usage.stepMs).toBe(DAY);
    const byDate = new Map<string, number>();
    for (const time of times) byDate.set(dateOf(time), (byDate.get(dateOf(time)) ?? 0) + 1);
    const bars = usage.series.flatMap(({ time, hits }) => (hits > 0 ? [[dateOf(time), hits]] : []));
    expect(bars).toEqual([...byDate].sort(([a], [b]) => (a < b ? -1 : 1)));
  });

  it('counts each hit once where hits are gone, in a range rounded outwards to the hour', () => {
    const { source, times } = hitsAround(at);
    source.keptFrom = startOf(at, HOURLY);
    for (const share of [0, 1]) {
      if (share === 0) make(source, periods, whole, 0);
      else make(source, periods, { from: at + DAY, to: whole.to }, 1);
      const engine = new QueryEngine(source, () => periods);
      for (let i = 0; i < 10; i++) {
        const range = aRange(at);
        const from = range.from < source.keptFrom ? startOf(range.from, HOURLY) : range.from;
        const to = range.to < source.keptFrom ? startOf(range.to - 1, HOURLY) + HOUR : range.to;
        const usage = answer(engine.usage(range, EVERYONE), source);
        expect(usage.totalAccesses).toBe(times.filter((t) => t >= from && t < to).length);
        expect(usage.series.reduce((sum, { hits }) => sum + hits, 0)).toBe(usage.totalAccesses);
        expect(usage.bytes).toBe(usage.totalAccesses * 10);
        expect(answer(engine.totals(range, EVERYONE), source).hits).toBe(usage.totalAccesses);
      }
    }
  });
});
