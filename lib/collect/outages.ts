import type { Outages } from '../alerts/facts';
import type { TailnetEvent } from '../domain/event';
import type { EventHistory } from '../store/ports/events';
import { MINUTE } from '../util/time';

/** An outage that begins within this of another repeats it. */
const REPEATED_WITHIN_MS = 15 * MINUTE;
const REMEMBERED = 1_000;

/** From and to in elapsed milliseconds; `to` is `null` while it lasts. */
type Outage = { from: number; to: number | null };

/** Counts how often each device went offline recently, by elapsed time. */
export class OutageLog {
  private readonly outages = new Map<string, Outage[]>();

  constructor(
    private readonly windowMs: number,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /** Restores what happened before a restart. */
  async restore(events: EventHistory, now: number): Promise<void> {
    const range = { from: now - this.windowMs, to: now };
    const page = await events.events(range, {}, REMEMBERED, null);
    for (const event of page.events.reverse()) this.note(event, now - event.time);
  }

  /** Records an event of `agoMs` ago. */
  note({ kind, nodeId }: Pick<TailnetEvent, 'kind' | 'nodeId'>, agoMs = 0): void {
    if (nodeId === null) return;
    const at = this.elapsed() - agoMs;
    const earlier = this.outages.get(nodeId) ?? [];
    const last = earlier.at(-1);
    if (kind === 'node_offline') this.outages.set(nodeId, [...earlier, { from: at, to: null }]);
    if (kind === 'node_online' && last?.to === null) last.to = at;
    if (kind === 'node_removed') this.outages.delete(nodeId);
  }

  /** `longMs`: how long an outage must last to be an alert. */
  of(nodeId: string, longMs: number): Outages {
    const now = this.elapsed();
    const since = now - this.windowMs;
    const recent = (this.outages.get(nodeId) ?? []).filter(({ to }) => (to ?? now) >= since);
    if (recent.length > 0) this.outages.set(nodeId, recent);
    else this.outages.delete(nodeId);
    const last = recent.at(-1);
    const before = recent.at(-2);
    const isRepeated =
      last?.to === null &&
      before?.to != null &&
      before.to - before.from >= longMs &&
      last.from - before.to < REPEATED_WITHIN_MS;
    return {
      count: recent.length,
      windowMs: this.windowMs,
      quietForMs: last ? now - (last.to ?? last.from) : null,
      isRepeated,
    };
  }
}

/**
 * Returns how far back outages are counted, given the interval between rounds: a device that is down every other round
 * is unstable.
 */
export const outageWindow = (intervalMs: number) => Math.max(15 * MINUTE, 6.5 * intervalMs);
