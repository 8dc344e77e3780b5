import type { TimeRange, Usage } from '../domain/access';
import { latencyBucket } from '../domain/latency';
import { type Accumulator, plus } from './accumulator';
import type { Dictionaries } from './dictionaries';
import type { CompiledFilter } from './filter';
import { ABSENT, type HitBlock } from './hit-block';
import { IdSets, UserSets } from './id-sets';
import type { RollUp, RollUpRows } from './roll-up';
import type { Series } from './series';
import type { WantedVisitors } from './slices';
import { type UsageSets, usageOf } from './usage-answer';
import { UsageCounts } from './usage-counts';

/** Adds up roll-ups and hits of a range into what the dashboard shows. */
export class UsageAccumulator implements Accumulator<UsageAccumulator> {
  private constructor(
    private readonly names: Dictionaries,
    private readonly filter: CompiledFilter,
    private readonly series: Series,
    private readonly sets: UsageSets,
    private readonly counts: UsageCounts,
  ) {}

  /** Returns an empty one. */
  static of(names: Dictionaries, filter: CompiledFilter, series: Series): UsageAccumulator {
    const users = new UserSets(names.user, names.users);
    const devices = new IdSets(names.device, names.devices.length);
    const counts = new UsageCounts({
      visitors: names.user.length,
      endpoints: names.endpoints.length,
      // One more, for endpoints that are not known yet.
      hosts: names.hosts.length + 1,
      userWords: users.words,
      deviceWords: devices.words,
      points: series.length,
    });
    return new UsageAccumulator(names, filter, series, { users, devices }, counts);
  }

  get byteLength(): number {
    return this.counts.byteLength;
  }

  get visitors(): WantedVisitors {
    return this.filter.visitors;
  }

  addRows(rows: RollUpRows, last: number): void {
    const { visitor, endpoint, status, hits } = rows.columns;
    // By its last moment: an hour that no roll-up and no hits split at midnight counts as after it.
    const point = this.series.pointOf(last);
    const { leftOut } = this.counts;
    const { ends, length } = this.filter.selectRows(rows, leftOut);
    for (let run = 0; run < length; run += 2) {
      const end = ends[run + 1] ?? 0;
      for (let i = ends[run] ?? 0; i < end; i++) {
        this.count(visitor[i] ?? 0, endpoint[i] ?? 0, status[i] ?? 0, hits[i] ?? 0, point);
      }
    }
  }

  /** Returns whether `addRows` has counted anything in the points that a period touches. */
  hasHits({ from, to }: TimeRange): boolean {
    const { series, counts } = this;
    const touched = counts.pointHits.subarray(series.pointOf(from), series.pointOf(to - 1) + 1);
    return touched.some((hits) => hits > 0);
  }

  /** Adds the sizes and response times of a roll-up; it may be of another resolution than those given to `addRows`. */
  addDetails(rollUp: RollUp): void {
    const { endpointBytes, latency } = this.counts;
    const { endpoint } = rollUp.columns;
    const { bytes, latencies } = rollUp.details;
    const { bucket, hits } = rollUp.latency;
    const { ends, length } = this.filter.selectRows(rollUp);
    let isTimed = false;
    let i = 0;
    let at = 0;
    for (let run = 0; run < length; run += 2) {
      const start = ends[run] ?? 0;
      const end = ends[run + 1] ?? 0;
      for (; i < start; i++) at += latencies[i] ?? 0;
      for (; i < end; i++) {
        const e = endpoint[i] ?? 0;
        plus(endpointBytes, e, bytes[i] ?? 0);
        const next = at + (latencies[i] ?? 0);
        if (at === next) continue;
        isTimed = true;
        const row = latency.startOf(e);
        const { counts } = latency;
        for (; at < next; at++) plus(counts, row + (bucket[at] ?? 0), hits[at] ?? 0);
      }
    }
    if (isTimed && rollUp.coarse) this.counts.coarse = true;
  }

  /** Adds hits, without their sizes and response times unless `detailed`. */
  addHits(block: HitBlock, hour: number, range: TimeRange, detailed = true): void {
    const { series, names } = this;
    const { leftOut, hostNewest } = this.counts;
    const { visitor, endpoint, status, time } = block.columns;
    const { ends, length } = this.filter.selectHits(block, hour, range, leftOut);
    for (let run = 0; run < length; run += 2) {
      const end = ends[run + 1] ?? 0;
      for (let i = ends[run] ?? 0; i < end; i++) {
        const at = hour + (time[i] ?? 0);
        const e = endpoint[i] ?? 0;
        this.count(visitor[i] ?? 0, e, status[i] ?? 0, 1, series.pointOf(at));
        const host = names.host[e] ?? names.hosts.length;
        hostNewest[host] = Math.max(hostNewest[host] ?? 0, at);
        if (detailed) this.addDetail(block, i);
      }
    }
  }

  /** Adds the sizes and response times of hits. */
  addHitDetails(block: HitBlock, hour: number, range: TimeRange): void {
    const { ends, length } = this.filter.selectHits(block, hour, range);
    for (let run = 0; run < length; run += 2) {
      const end = ends[run + 1] ?? 0;
      for (let i = ends[run] ?? 0; i < end; i++) this.addDetail(block, i);
    }
  }

  copy(): UsageAccumulator {
    const { names, filter, series, sets } = this;
    return new UsageAccumulator(names, filter, series, sets, this.counts.copy());
  }

  usage(): Usage {
    return usageOf(this.counts, this.names, this.series, this.sets);
  }

  private addDetail({ columns }: HitBlock, i: number): void {
    const { counts } = this;
    const endpoint = columns.endpoint[i] ?? 0;
    plus(counts.endpointBytes, endpoint, Math.max(0, columns.bytes[i] ?? 0));
    const ms = columns.responseMs[i] ?? ABSENT;
    if (ms === ABSENT) return;
    const row = counts.latency.startOf(endpoint);
    plus(counts.latency.counts, row + latencyBucket(ms), 1);
  }

  private count(
    visitor: number,
    endpoint: number,
    status: number,
    hits: number,
    point: number,
  ): void {
    const { counts, names, series } = this;
    const { users, devices } = this.sets;
    const host = names.host[endpoint] ?? names.hosts.length;
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
    plus(counts.hostHits, host * series.length + point, hits);
    devices.add(counts.hostDevices, host, visitor);
  }
}
