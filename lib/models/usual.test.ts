import { describe, expect, it } from 'vitest';
import { SLOT_MS } from '../domain/latency-model';
import { MINUTE } from '../util/time';
import { learnLatency } from './latency-model';
import { usualBeside } from './usual';

describe('the last half hour beside what is usual', () => {
  const begin = Date.UTC(2026, 10, 20);
  const points = Array.from({ length: 5 * 48 }, (_, i) => ({
    time: begin + i * SLOT_MS,
    latencyMs: 10 + (i % 2),
  }));
  const model = learnLatency(points);
  const now = begin + points.length * SLOT_MS + MINUTE;

  it('is the mean of its pongs, in the half hour it is now', () => {
    const rounds = [
      { latencyAvg: 20, received: 5 },
      { latencyAvg: 40, received: 1 },
      { latencyAvg: null, received: 0 },
    ];
    const beside = usualBeside(model, rounds, now);
    expect(beside?.meanMs).toBeCloseTo(140 / 6);
    if (model.state !== 'known') throw new Error(model.reason.text);
    expect(beside?.highMs).toBe(model.next[0]?.highMs);
    expect(usualBeside(model, rounds, now + SLOT_MS)?.highMs).toBe(model.next[1]?.highMs);
  });

  it('is not known without an answer, while learning, or a day after it was learned', () => {
    const rounds = [{ latencyAvg: 20, received: 5 }];
    expect(usualBeside(model, [{ latencyAvg: null, received: 0 }], now)).toBeNull();
    expect(usualBeside(learnLatency([]), rounds, now)).toBeNull();
    expect(usualBeside(null, rounds, now)).toBeNull();
    expect(usualBeside(model, rounds, now + 48 * SLOT_MS)).toBeNull();
  });
});
