import type { TimeRange } from '../domain/access';
import type { PathSpan, PathSpeed } from '../domain/connection';
import type { Path } from '../domain/device';
import { LATENCY_BUCKETS, latencyBucket, latencyQuantile } from '../domain/latency';
import { SECOND } from '../util/time';
import type { Dictionaries } from './dictionaries';
import type { CompiledFilter } from './filter';
import { ABSENT, type HitBlock } from './hit-block';

/** The most rows of an answer. */
const LIST_LIMIT = 50;
/** A path first seen this soon after a hit is the hit's own. */
const WAKES_WITHIN_MS = 10 * SECOND;

const TRAVELLED = ['direct', 'peer_relay', 'relay'] as const satisfies readonly Path[];

const travelled = (span: PathSpan) => TRAVELLED.find((path) => path === span.path);

/** Adds up response times by endpoint and path: joins hits with the path of their device at their time. */
export class SpeedByPath {
  private readonly spans = new Map<string, PathSpan[]>();
  private readonly groups = new Map<
    string,
    { path: PathSpeed['path']; endpoint: number; latency: Uint32Array }
  >();

  /** `deviceOf`: device ids by visitor id. */
  constructor(
    spans: readonly PathSpan[],
    private readonly deviceOf: readonly (string | undefined)[],
  ) {
    for (const span of spans) {
      const same = this.spans.get(span.nodeId);
      if (same) same.push(span);
      else this.spans.set(span.nodeId, [span]);
    }
  }

  /** Adds the hits of a block that are in the range and pass the filter; `hour` is the block's start. */
  add(block: HitBlock, hour: number, range: TimeRange, filter: CompiledFilter): void {
    const { time, visitor, endpoint, responseMs } = block.columns;
    const { ends, length } = filter.selectHits(block, hour, range);
    for (let run = 0; run < length; run += 2) {
      const end = ends[run + 1] ?? 0;
      for (let i = ends[run] ?? 0; i < end; i++) {
        const ms = responseMs[i] ?? ABSENT;
        if (ms === ABSENT) continue;
        const path = this.pathAt(this.deviceOf[visitor[i] ?? 0], hour + (time[i] ?? 0));
        if (path) this.count(path, endpoint[i] ?? 0, ms);
      }
    }
  }

  result({ endpoints, hosts, host }: Dictionaries): PathSpeed[] {
    const all = [...this.groups.values()].map(({ path, endpoint, latency }) => ({
      endpoint: endpoints[endpoint] ?? '',
      host: hosts[host[endpoint] ?? 0] ?? null,
      path,
      hits: latency.reduce((a, b) => a + b, 0),
      p50Ms: latencyQuantile(latency, 0.5) ?? 0,
      p95Ms: latencyQuantile(latency, 0.95) ?? 0,
    }));
    return all.sort((a, b) => b.hits - a.hits).slice(0, LIST_LIMIT);
  }

  private pathAt(nodeId: string | undefined, time: number): PathSpeed['path'] | undefined {
    const spans = nodeId === undefined ? undefined : this.spans.get(nodeId);
    if (!spans) return undefined;
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((spans[middle]?.from ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    const span = spans[low - 1];
    const now = span && time <= span.to ? travelled(span) : undefined;
    if (now) return now;
    // A hit wakes an idle connection, and its path is observed a moment later.
    const next = spans[low];
    return next && next.from - time <= WAKES_WITHIN_MS ? travelled(next) : undefined;
  }

  private count(path: PathSpeed['path'], endpoint: number, ms: number): void {
    const key = `${path} ${endpoint}`;
    let group = this.groups.get(key);
    if (!group) {
      group = { path, endpoint, latency: new Uint32Array(LATENCY_BUCKETS) };
      this.groups.set(key, group);
    }
    const bucket = latencyBucket(ms);
    group.latency[bucket] = (group.latency[bucket] ?? 0) + 1;
  }
}
