import type { TimeZone } from '../domain/time-zone';
import type { CountedSum, TrafficPath, TrafficSum } from '../domain/traffic';
import { type TrafficStep, trafficStart } from '../domain/traffic-buckets';
import type { Database } from '../store/sqlite/driver';
import { writeTrafficSums } from '../store/sqlite/traffic';
import { bytesPerSecondAt, OVERHEAD, routeAt, sentPerReceived } from '../tailscale/demo-behaviour';
import { type DemoNode, demoNodes } from '../tailscale/demo-nodes';
import { DAY, HOUR } from '../util/time';

const HALF = HOUR / 2;
/** For so long back there are hours, and paths at the half hour. */
const DETAILED = 8 * DAY;

/** Writes what travelled between two times, by hours and days; use inside a transaction. */
export function writeTrafficSumsOfDemo(
  db: Database,
  from: number,
  to: number,
  zone: TimeZone,
): void {
  const days = new Sums('day', zone);
  const hours = new Sums('hour', zone);
  const travelling = demoNodes.filter(({ self, bytesPerSecond }) => !self && bytesPerSecond > 0);
  for (let hour = Math.ceil(from / HOUR) * HOUR; hour < to; hour += HOUR) {
    const isRecent = hour >= to - DETAILED;
    // Long ago, an hour is by the path at its middle.
    const length = isRecent ? HALF : HOUR;
    const rates = travelling.map((node) => bytesPerSecondAt(node, hour, to));
    for (let time = hour; time < Math.min(hour + HOUR, to); time += length) {
      const seconds = Math.min(length, to - time) / 1000;
      for (const [index, node] of travelling.entries()) {
        const received = (rates[index] ?? 0) * seconds;
        if (received === 0) continue;
        const path = routeAt(node, isRecent ? time : time + HALF);
        days.add(node, path, time, received);
        if (isRecent) hours.add(node, path, time, received);
      }
    }
  }
  for (const { step, sums, counted } of [days, hours]) {
    writeTrafficSums(db, step, [...sums.values()], [...counted.values()]);
  }
}

/** The sums of hours or days, as they grow. */
class Sums {
  readonly sums = new Map<string, TrafficSum>();
  readonly counted = new Map<string, CountedSum>();
  private last = { time: Number.NaN, start: 0 };

  constructor(
    readonly step: TrafficStep,
    private readonly zone: TimeZone,
  ) {}

  add(node: DemoNode, path: TrafficPath, time: number, received: number): void {
    if (this.last.time !== time) {
      this.last = { time, start: trafficStart(this.step, time, this.zone) };
    }
    const { start } = this.last;
    const sent = received * sentPerReceived(node);
    const { id: nodeId, hostname, tags, user } = node;
    const owner = tags.length > 0 ? tags.join(', ') : user.login;
    const whose = { nodeId, hostname, user: owner, userName: tags.length > 0 ? owner : user.name };
    const region = path === 'relay' ? node.homeRegion : null;
    const nothing = { start, path, rxBytes: 0, txBytes: 0 };
    const sum = found(this.sums, `${start} ${nodeId} ${path}`, { ...nothing, ...whose, region });
    sum.rxBytes += Math.round(received);
    sum.txBytes += Math.round(sent);
    const counted = found(this.counted, `${start} ${path}`, nothing);
    counted.rxBytes += Math.round(received * OVERHEAD);
    counted.txBytes += Math.round(sent * OVERHEAD);
  }
}

/** Returns the entry of a map, made where there is none. */
function found<T>(map: Map<string, T>, key: string, made: T): T {
  const entry = map.get(key) ?? made;
  map.set(key, entry);
  return entry;
}
