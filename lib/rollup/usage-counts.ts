import { EndpointLatency } from './endpoint-latency';
import { STATUSES, VISITOR_KINDS } from './filter';

/** How large the tables are. */
export type UsageSize = {
  visitors: number;
  endpoints: number;
  hosts: number;
  /** Words of a set of users, and of one of devices. */
  userWords: number;
  deviceWords: number;
  /** Points of the series. */
  points: number;
};

/** The counts that make up a usage answer; all but the response times in one buffer, so that a copy is one of bytes. */
export class UsageCounts {
  readonly visitorHits: Float64Array;
  readonly visitorErrors: Float64Array;
  readonly endpointHits: Float64Array;
  readonly endpointErrors: Float64Array;
  /** What the responses were long. */
  readonly endpointBytes: Float64Array;
  readonly statusHits: Float64Array;
  readonly pointHits: Float64Array;
  readonly pointErrors: Float64Array;
  /** The series of one host after another. */
  readonly hostHits: Float64Array;
  /** By host, the time of the newest hit that was added by itself, not in a roll-up. */
  readonly hostNewest: Float64Array;
  /** Hits that match and do not count, by what their visitor is to the answer; those of COUNTED ones are bots'. */
  readonly leftOut: Float64Array;
  /** Sets of users and of devices, see `IdSets`. */
  readonly endpointUsers: Uint32Array;
  readonly pointUsers: Uint32Array;
  readonly hostDevices: Uint32Array;
  /** Whether response times are among them that were counted in coarser buckets. */
  coarse = false;

  constructor(
    private readonly size: UsageSize,
    private readonly buffer = new ArrayBuffer(bytesFor(size)),
    readonly latency = new EndpointLatency(size.endpoints),
  ) {
    const { visitors, endpoints, hosts, userWords, deviceWords, points } = size;
    let at = 0;
    const f64 = (length: number) => {
      const table = new Float64Array(buffer, at, length);
      at += table.byteLength;
      return table;
    };
    const u32 = (length: number) => {
      const table = new Uint32Array(buffer, at, length);
      at += table.byteLength;
      return table;
    };
    this.visitorHits = f64(visitors);
    this.visitorErrors = f64(visitors);
    this.endpointHits = f64(endpoints);
    this.endpointErrors = f64(endpoints);
    this.endpointBytes = f64(endpoints);
    this.statusHits = f64(STATUSES);
    this.pointHits = f64(points);
    this.pointErrors = f64(points);
    this.hostHits = f64(hosts * points);
    this.hostNewest = f64(hosts);
    this.leftOut = f64(VISITOR_KINDS);
    this.endpointUsers = u32(endpoints * userWords);
    this.pointUsers = u32(points * userWords);
    this.hostDevices = u32(hosts * deviceWords);
  }

  get byteLength(): number {
    return this.buffer.byteLength + this.latency.byteLength;
  }

  copy(): UsageCounts {
    const copy = new UsageCounts(this.size, this.buffer.slice(0), this.latency.copy());
    copy.coarse = this.coarse;
    return copy;
  }
}

function bytesFor(size: UsageSize): number {
  const { visitors, endpoints, hosts, userWords, deviceWords, points } = size;
  const numbers = 2 * visitors + 3 * endpoints + 2 * points + hosts * (points + 1);
  const words = userWords * (endpoints + points) + deviceWords * hosts;
  return 8 * (numbers + STATUSES + VISITOR_KINDS) + 4 * words;
}
