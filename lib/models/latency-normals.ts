import type { TimeRange } from '../domain/access';
import type { LatencyPoint } from '../domain/connection';
import type { ConnectionStore } from '../store/connection-store';
import {
  type LatencyModel,
  LEARNED_DAYS,
  learnedRange,
  learnLatency,
  SLOT_MS,
} from './latency-model';

const MOST_NODES = 500;

/** What is normal for each node, learned again each half hour, when somebody asks. */
export class LatencyNormals {
  private readonly known = new Map<string, { slot: number; model: Promise<LatencyModel> }>();

  constructor(
    private readonly store: Pick<ConnectionStore, 'latencyHistory'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** The normal of a node, from the half hours that are over. */
  of(nodeId: string): Promise<LatencyModel> {
    const slot = Math.floor(this.now() / SLOT_MS);
    const before = this.known.get(nodeId);
    if (before?.slot === slot) return before.model;
    const model = halfHours(this.store, nodeId, learnedRange(this.now())).then(learnLatency);
    this.known.delete(nodeId);
    this.known.set(nodeId, { slot, model });
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_NODES && oldest !== undefined) this.known.delete(oldest);
    // What failed is asked for again.
    model.catch(() => this.known.delete(nodeId));
    return model;
  }
}

/** Half-hour means of a node: a history has at most 500 points, so it takes two calls for 14 days. */
export async function halfHours(
  store: Pick<ConnectionStore, 'latencyHistory'>,
  nodeId: string,
  { from, to }: TimeRange,
): Promise<LatencyPoint[]> {
  const middle = from + (LEARNED_DAYS / 2) * 48 * SLOT_MS;
  const first = await store.latencyHistory(nodeId, { from, to: Math.min(middle, to) }, SLOT_MS);
  if (to <= middle) return first;
  return [...first, ...(await store.latencyHistory(nodeId, { from: middle, to }, SLOT_MS))];
}
