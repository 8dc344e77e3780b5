import { describe, expect, it } from 'vitest';
import type { TimeRange } from '../domain/access';
import type { LatencyPoint } from '../domain/connection';
import { SLOT_MS } from '../domain/latency-model';
import { LatencyBaselines } from './latency-baselines';

const T0 = Date.UTC(2026, 10, 24, 12, 10);

describe('the baselines of devices', () => {
  const points = ({ from, to }: TimeRange): LatencyPoint[] =>
    Array.from({ length: (to - from) / SLOT_MS }, (_, i) => {
      const nothing = { minMs: null, maxMs: null, loss: 0, connectionType: null };
      const pings = { sent: 5, received: 5 };
      return { time: from + i * SLOT_MS, latencyMs: 10 + (i % 3), ...nothing, ...pings };
    });
  /** A store that counts calls, and fails on demand. */
  const setUp = () => {
    const store = {
      ranges: [] as TimeRange[],
      fails: false,
      async latencyHistory(_node: string, range: TimeRange) {
        store.ranges.push(range);
        if (store.fails) throw new Error('the store is away');
        return points(range);
      },
    };
    const clock = { now: T0 };
    return { store, clock, baselines: new LatencyBaselines(store, () => clock.now) };
  };
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  it('are learned once a half hour, from the fourteen days before it, without a gap or an overlap', async () => {
    const { store, clock, baselines } = setUp();
    const model = await baselines.of('n1');
    await baselines.of('n1');
    expect(store.ranges).toHaveLength(2);
    const [first, second] = store.ranges;
    expect(first?.to).toBe(second?.from);
    expect(second?.to).toBe(Date.UTC(2026, 10, 24, 12));
    expect((second?.to ?? 0) - (first?.from ?? 0)).toBe(14 * 48 * SLOT_MS);
    if (model.state !== 'known') throw new Error(model.reason.text);
    expect(model.next[0]?.time).toBe(second?.to);
    clock.now += SLOT_MS;
    await baselines.of('n1');
    expect(store.ranges).toHaveLength(4);
  });

  it('stay what they were while the store is away, for who cannot wait, and are asked for again', async () => {
    const { store, clock, baselines } = setUp();
    expect(baselines.latest('n1')).toBeNull();
    await settle();
    const before = baselines.latest('n1');
    expect(before?.state).toBe('known');
    store.fails = true;
    clock.now += SLOT_MS;
    expect(baselines.latest('n1')).toBe(before);
    await settle();
    await expect(baselines.of('n1')).rejects.toThrow('away');
    await settle();
    expect(baselines.latest('n1')).toBe(before);
    await settle();
    store.fails = false;
    expect((await baselines.of('n1')).state).toBe('known');
    expect(baselines.latest('n1')).toBe(before);
    await settle();
    expect(baselines.latest('n1')?.state).toBe('known');
    expect(baselines.latest('n1')).not.toBe(before);
  });

  it('are learned one device after another, and kept for alerts without their past', async () => {
    const { store, baselines } = setUp();
    const { latencyHistory } = store;
    let [running, most] = [0, 0];
    store.latencyHistory = async (node, range) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return latencyHistory(node, range);
    };
    for (const node of ['n1', 'n2', 'n3']) baselines.latest(node);
    await baselines.of('n4');
    expect(most).toBe(1);
    const [kept, whole] = [baselines.latest('n3'), await baselines.of('n4')];
    expect(kept).toEqual({ ...whole, past: [] });
  });
});
