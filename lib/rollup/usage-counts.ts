import { LATENCY_BUCKETS } from '../domain/latency';
import { STATUSES, VISITOR_KINDS } from './filter';

/** How large the tables are. */
export type UsageSize = {
  visitors: number;
  endpoints: number;
  /** Words of a set of users. */
  userWords: number;
  /** Points of the series. */
  points: number;
};

/** The counts that make up a usage answer, as tables in one buffer, so that a copy is one copy of bytes. */
export class UsageCounts {
  readonly visitorHits: Float64Array;
  readonly visitorErrors: Float64Array;
  readonly endpointHits: Float64Array;
  readonly endpointErrors: Float64Array;
  /** LATENCY_BUCKETS counts per endpoint. */
  readonly endpointLatency: Float64Array;
  readonly statusHits: Float64Array;
  readonly pointHits: Float64Array;
  readonly pointErrors: Float64Array;
  /** Hits that match and do not count, by what their visitor is to the answer; those of COUNTED ones are bots'. */
  readonly leftOut: Float64Array;
  /** Sets of users, see `UserSets`. */
  readonly endpointUsers: Uint32Array;
  readonly pointUsers: Uint32Array;
  /** What the responses were long. */
  responseBytes = 0;
  /** Whether response times are among them that were counted in coarser buckets. */
  coarse = false;

  constructor(
    private readonly size: UsageSize,
    private readonly buffer = new ArrayBuffer(bytesFor(size)),
  ) {
    const { visitors, endpoints, userWords, points } = size;
    let at = 0;
    const f64 = (length: number) => {
      const table = new Float64Array(buffer, at, length);
      at += table.byteLength;
      return table;
    };
    this.visitorHits = f64(visitors);
    this.visitorErrors = f64(visitors);
    this.endpointHits = f64(endpoints);
    this.endpointErrors = f64(endpoints);
    this.endpointLatency = f64(endpoints * LATENCY_BUCKETS);
    this.statusHits = f64(STATUSES);
    this.pointHits = f64(points);
    this.pointErrors = f64(points);
    this.leftOut = f64(VISITOR_KINDS);
    this.endpointUsers = new Uint32Array(buffer, at, endpoints * userWords);
    this.pointUsers = new Uint32Array(buffer, at + this.endpointUsers.byteLength);
  }

  get byteLength(): number {
    return this.buffer.byteLength;
  }

  copy(): UsageCounts {
    const copy = new UsageCounts(this.size, this.buffer.slice(0));
    copy.responseBytes = this.responseBytes;
    copy.coarse = this.coarse;
    return copy;
  }
}

function bytesFor({ visitors, endpoints, userWords, points }: UsageSize): number {
  const numbers = 2 * visitors + (2 + LATENCY_BUCKETS) * endpoints + 2 * points;
  return 8 * (numbers + STATUSES + VISITOR_KINDS) + 4 * userWords * (endpoints + points);
}
