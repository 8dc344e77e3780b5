import type { TimeRange, Usage } from '../domain/access';
import { LATENCY_BUCKETS, latencyBucket } from '../domain/latency';
import { type Accumulator, plus } from './accumulator';
import type { Dictionaries } from './dictionaries';
import { COUNTED, type CompiledFilter } from './filter';
import { ABSENT, type HitBlock, isBot } from './hit-block';
import { startOf } from './resolutions';
import type { RollUp, RollUpRows } from './roll-up';
import { type Series, usageOf } from './usage-answer';
import { UsageCounts } from './usage-counts';
import { UserSets } from './user-sets';

/** Adds up roll-ups and hits of a range into what the dashboard shows. */
export class UsageAccumulator implements Accumulator<UsageAccumulator> {
  private constructor(
    private readonly names: Dictionaries,
    private readonly filter: CompiledFilter,
    private readonly series: Series,
    private readonly users: UserSets,
    private readonly counts: UsageCounts,
  ) {}

  /** Returns an empty one, with a series of the range's points. */
  static of(
    names: Dictionaries,
    filter: CompiledFilter,
    range: TimeRange,
    resolution: number,
  ): UsageAccumulator {
    const users = new UserSets(names);
    const start = startOf(range.from, resolution);
    const counts = new UsageCounts({
      visitors: names.user.length,
      endpoints: names.endpoints.length,
      userWords: users.words,
      points: Math.max(0, Math.ceil((range.to - start) / resolution)),
    });
    return new UsageAccumulator(names, filter, { start, resolution }, users, counts);
  }

  get byteLength(): number {
    return this.counts.byteLength;
  }

  addRows({ n, columns }: RollUpRows, start: number): void {
    const { visitor, endpoint, status, bot, hits } = columns;
    const point = this.pointOf(start);
    for (let i = 0; i < n; i++) {
      const e = endpoint[i] ?? 0;
      this.add(visitor[i] ?? 0, e, status[i] ?? 0, bot[i] === 1, hits[i] ?? 0, point);
    }
  }

  /** Adds the sizes and response times of a roll-up; it may be of another resolution than those given to `addRows`. */
  addDetails({ n, columns, details, latency }: RollUp): void {
    const { filter, counts } = this;
    const { visitor, endpoint, status, bot } = columns;
    const { bytes, latencies } = details;
    const { bucket, hits } = latency;
    let at = 0;
    for (let i = 0; i < n; i++) {
      const end = at + (latencies[i] ?? 0);
      const e = endpoint[i] ?? 0;
      if (filter.verdict(visitor[i] ?? 0, e, status[i] ?? 0, bot[i] === 1) === COUNTED) {
        counts.responseBytes += bytes[i] ?? 0;
        const row = e * LATENCY_BUCKETS;
        for (; at < end; at++) plus(counts.endpointLatency, row + (bucket[at] ?? 0), hits[at] ?? 0);
      }
      at = end;
    }
  }

  addHits(block: HitBlock, hour: number, range: TimeRange): void {
    const { counts } = this;
    const { visitor, endpoint, status, bytes, time, responseMs } = block.columns;
    for (let i = 0; i < block.n; i++) {
      const t = hour + (time[i] ?? 0);
      if (t < range.from || t >= range.to) continue;
      const e = endpoint[i] ?? 0;
      const bot = isBot(block, i);
      if (!this.add(visitor[i] ?? 0, e, status[i] ?? 0, bot, 1, this.pointOf(t))) continue;
      counts.responseBytes += Math.max(0, bytes[i] ?? 0);
      const ms = responseMs[i] ?? ABSENT;
      if (ms !== ABSENT) plus(counts.endpointLatency, e * LATENCY_BUCKETS + latencyBucket(ms), 1);
    }
  }

  copy(): UsageAccumulator {
    const { names, filter, series, users } = this;
    return new UsageAccumulator(names, filter, series, users, this.counts.copy());
  }

  usage(): Usage {
    return usageOf(this.counts, this.names, this.series, this.users);
  }

  private pointOf(time: number): number {
    return Math.floor((time - this.series.start) / this.series.resolution);
  }

  /** Counts hits of one kind; false when the filter leaves them out. */
  private add(
    visitor: number,
    endpoint: number,
    status: number,
    bot: boolean,
    hits: number,
    point: number,
  ): boolean {
    const { counts, users } = this;
    const verdict = this.filter.verdict(visitor, endpoint, status, bot);
    if (verdict !== COUNTED) {
      plus(counts.leftOut, verdict, hits);
      return false;
    }
    plus(counts.visitorHits, visitor, hits);
    plus(counts.endpointHits, endpoint, hits);
    plus(counts.statusHits, status, hits);
    plus(counts.pointHits, point, hits);
    if (status >= 400) {
      plus(counts.visitorErrors, visitor, hits);
      plus(counts.endpointErrors, endpoint, hits);
      plus(counts.pointErrors, point, hits);
    }
    users.add(counts.endpointUsers, endpoint, visitor);
    users.add(counts.pointUsers, point, visitor);
    return true;
  }
}
