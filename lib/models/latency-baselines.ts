import type { TimeRange } from '../domain/access';
import type { LatencyPoint } from '../domain/connection';
import type { LatencyModel } from '../domain/latency-model';
import { SLOT_MS } from '../domain/latency-model';
import type { ConnectionHistory } from '../store/ports/connections';
import { LRUCache } from '../util/lru';
import { LEARNED_DAYS, learnedRange, learnLatency } from './latency-model';

const MOST_NODES = 500;

type Known = { slot: number; model: Promise<LatencyModel>; latest: LatencyModel | null };

/** The latency baseline of each device, learned anew every half hour, on demand. */
export class LatencyBaselines {
  private readonly byDevice = new LRUCache<string, Known>({ max: MOST_NODES });

  constructor(
    private readonly store: Pick<ConnectionHistory, 'latencyHistory'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Returns a device's baseline, learned from the half hours that have ended. */
  of(nodeId: string): Promise<LatencyModel> {
    return this.learn(nodeId).model;
  }

  /** Returns the last baseline without waiting for a newer one; `null` before the first. Never throws. */
  latest(nodeId: string): LatencyModel | null {
    const entry = this.learn(nodeId);
    entry.model.catch(() => {});
    return entry.latest;
  }

  private learn(nodeId: string): Known {
    const slot = Math.floor(this.now() / SLOT_MS);
    const before = this.byDevice.get(nodeId);
    if (before?.slot === slot) return before;
    const model = halfHours(this.store, nodeId, learnedRange(this.now())).then(learnLatency);
    const entry: Known = { slot, model, latest: before?.latest ?? null };
    this.byDevice.set(nodeId, entry);
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
