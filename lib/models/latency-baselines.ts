import { setImmediate as breathe } from 'node:timers/promises';
import type { TimeRange } from '../domain/access';
import type { LatencyPoint } from '../domain/connection';
import type { LatencyModel } from '../domain/latency-model';
import { SLOT_MS } from '../domain/latency-model';
import type { ConnectionHistory } from '../store/ports/connections';
import { LRUCache } from '../util/lru';
import { mutex } from '../util/mutex';
import { LEARNED_DAYS, learnedRange, learnLatency } from './latency-model';

/** How many devices' whole baselines are kept, for their pages; and what is usual next, for alerts: 3 kB each. */
const MOST_WHOLE = 20;
const MOST_UPCOMING = 5_000;

type Known = { slot: number; model: Promise<LatencyModel>; latest: LatencyModel | null };

/** The latency baseline of each device, learned anew every half hour, on demand. */
export class LatencyBaselines {
  private readonly whole = new LRUCache<string, Known>({ max: MOST_WHOLE });
  private readonly upcoming = new LRUCache<string, Known>({ max: MOST_UPCOMING });
  /** One device at a time, so that the histories of hundreds are never in memory together. */
  private readonly inTurn = mutex();

  constructor(
    private readonly store: Pick<ConnectionHistory, 'latencyHistory'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Returns a device's baseline, learned from the half hours that have ended. */
  of(nodeId: string): Promise<LatencyModel> {
    return this.learn(this.whole, nodeId, (model) => model).model;
  }

  /**
   * Returns the last baseline, without its past, and without waiting for a newer one; `null` before the first. Never
   * throws.
   */
  latest(nodeId: string): LatencyModel | null {
    const entry = this.learn(this.upcoming, nodeId, withoutPast);
    entry.model.catch(() => {});
    return entry.latest;
  }

  private learn(
    kept: LRUCache<string, Known>,
    nodeId: string,
    part: (model: LatencyModel) => LatencyModel,
  ): Known {
    const slot = Math.floor(this.now() / SLOT_MS);
    const before = kept.get(nodeId);
    if (before?.slot === slot) return before;
    const range = learnedRange(this.now());
    const model = this.inTurn(async () => {
      const learned = learnLatency(await halfHours(this.store, nodeId, range));
      // Gives way to other work.
      await breathe();
      return part(learned);
    });
    const entry: Known = { slot, model, latest: before?.latest ?? null };
    kept.set(nodeId, entry);
    model.then(
      (learned) => {
        entry.latest = learned;
      },
      // The next call retries a failure.
      () => {
        entry.slot = Number.NaN;
      },
    );
    return entry;
  }
}

const withoutPast = (model: LatencyModel): LatencyModel =>
  model.state === 'known' ? { ...model, past: [] } : model;

/** Returns half-hour means of a device: a history has at most 500 points, so 14 days take two calls. */
export async function halfHours(
  store: Pick<ConnectionHistory, 'latencyHistory'>,
  nodeId: string,
  { from, to }: TimeRange,
): Promise<LatencyPoint[]> {
  const middle = from + (LEARNED_DAYS / 2) * 48 * SLOT_MS;
  const first = await store.latencyHistory(nodeId, { from, to: Math.min(middle, to) }, SLOT_MS);
  if (to <= middle) return first;
  return [...first, ...(await store.latencyHistory(nodeId, { from: middle, to }, SLOT_MS))];
}
