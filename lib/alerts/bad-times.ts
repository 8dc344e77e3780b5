import type { Reading } from '../domain/alert';
import type { OpenAlert } from '../domain/notice';

/**
 * Counts how long each topic has been bad, in elapsed time: setting the clock neither fires an alert early nor delays
 * it. Time without a reading does not count.
 */
export class BadTimes {
  private readonly times = new Map<string, { badMs: number; countedAt: number | null }>();

  /** Restores alerts that were pending before a restart. */
  restore(open: readonly OpenAlert[], now: number): void {
    for (const { alert } of open) {
      const badMs = Math.max(0, now - alert.since);
      if (alert.state === 'pending') this.times.set(alert.topic, { badMs, countedAt: null });
    }
  }

  /** Counts up to the moment `elapsed`. */
  count(readings: readonly Reading[], elapsed: number): void {
    const seen = new Map(readings.map((reading) => [reading.topic, reading]));
    for (const [topic, time] of this.times) if (!seen.has(topic)) time.countedAt = null;
    for (const { topic, state, badForMs = 0 } of seen.values()) {
      if (state === 'good') this.times.delete(topic);
      if (state !== 'bad') continue;
      const before = this.times.get(topic) ?? { badMs: 0, countedAt: null };
      const since = before.countedAt === null ? 0 : elapsed - before.countedAt;
      const badMs = Math.max(before.badMs + since, badForMs);
      this.times.set(topic, { badMs, countedAt: elapsed });
    }
  }

  of(topic: string): number {
    return this.times.get(topic)?.badMs ?? 0;
  }

  /** Forgets topics that have no alert. */
  keep(topics: ReadonlySet<string>): void {
    for (const topic of this.times.keys()) if (!topics.has(topic)) this.times.delete(topic);
  }
}
