import type { TimeRange, Usage } from '../domain/access';
import { LATENCY_BUCKETS, latencyBucket } from '../domain/latency';
import { type Accumulator, plus } from './accumulator';
import type { Dictionaries } from './dictionaries';
import type { CompiledFilter } from './filter';
import { ABSENT, type HitBlock } from './hit-block';
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

  addRows(rows: RollUpRows, start: number): void {
    const { visitor, endpoint, status, hits } = rows.columns;
    const point = this.pointOf(start);
    const { leftOut } = this.counts;
    const { ends, length } = this.filter.selectRows(rows, leftOut);
    for (let run = 0; run < length; run += 2) {
      const end = ends[run + 1] ?? 0;
      for (let i = ends[run] ?? 0; i < end; i++) {
        this.count(visitor[i] ?? 0, endpoint[i] ?? 0, status[i] ?? 0, hits[i] ?? 0, point);
      }
    }
  }

  /** Adds the sizes and response times of a roll-up; it may be of another resolution than those given to `addRows`. */
  addDetails(rollUp: RollUp): void {
    const { endpointLatency } = this.counts;
    const { endpoint } = rollUp.columns;
    const { bytes, latencies } = rollUp.details;
    const { bucket, hits } = rollUp.latency;
    const { ends, length } = this.filter.selectRows(rollUp);
    let responseBytes = 0;
    let isTimed = false;
    let i = 0;
    let at = 0;
    for (let run = 0; run < length; run += 2) {
      const start = ends[run] ?? 0;
      const end = ends[run + 1] ?? 0;
      for (; i < start; i++) at += latencies[i] ?? 0;
      for (; i < end; i++) {
        responseBytes += bytes[i] ?? 0;
        const row = (endpoint[i] ?? 0) * LATENCY_BUCKETS;
        const next = at + (latencies[i] ?? 0);
        if (next > at) isTimed = true;
        for (; at < next; at++) plus(endpointLatency, row + (bucket[at] ?? 0), hits[at] ?? 0);
      }
    }
    if (isTimed && rollUp.coarse) this.counts.coarse = true;
    this.counts.responseBytes += responseBytes;
  }

  addHits(block: HitBlock, hour: number, range: TimeRange): void {
    const { counts } = this;
    const { visitor, endpoint, status, bytes, time, responseMs } = block.columns;
    const { leftOut } = counts;
    const { ends, length } = this.filter.selectHits(block, hour, range, leftOut);
    for (let run = 0; run < length; run += 2) {
      const end = ends[run + 1] ?? 0;
      for (let i = ends[run] ?? 0; i < end; i++) {
        const e = endpoint[i] ?? 0;
        this.count(visitor[i] ?? 0, e, status[i] ?? 0, 1, this.pointOf(hour + (time[i] ?? 0)));
        counts.responseBytes += Math.max(0, bytes[i] ?? 0);
        const ms = responseMs[i] ?? ABSENT;
        if (ms !== ABSENT) plus(counts.endpointLatency, e * LATENCY_BUCKETS + latencyBucket(ms), 1);
      }
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

  private count(
    visitor: number,
    endpoint: number,
    status: number,
    hits: number,
    point: number,
  ): void {
    const { counts, users } = this;
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
  }
}
