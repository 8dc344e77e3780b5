import type { Connection } from '../domain/connection';
import { summarisePongs } from '../domain/connection-round';
import { pingAt } from '../tailscale/demo-behaviour';
import type { DemoNode } from '../tailscale/demo-nodes';
import { DAY, MINUTE } from '../util/time';

const PINGS = 5;
/** Rounds are as frequent as real ones for this long back; those before are fewer. */
const FREQUENT = 8 * DAY;
const FREQUENT_EVERY = 5 * MINUTE;
const RARE_EVERY = 30 * MINUTE;

/** Returns what a round of pings to a device at a time found. */
export function roundAt(node: DemoNode, time: number, present: number): Connection {
  const pongs = Array.from({ length: PINGS }, (_, i) => pingAt(node, time + i * 1000, present));
  const traffic = { txBytes: 0, rxBytes: 0 };
  return { time, nodeId: node.id, hostname: node.hostname, ...summarisePongs(pongs), ...traffic };
}

/** Gives the rounds of pings to these devices between two times, oldest first. */
export function* rounds(
  nodes: readonly DemoNode[],
  from: number,
  to: number,
): Generator<Connection[]> {
  const everyFor = (time: number) => (time < to - FREQUENT ? RARE_EVERY : FREQUENT_EVERY);
  let time = Math.ceil(from / RARE_EVERY) * RARE_EVERY;
  for (; time < to; time += everyFor(time)) {
    yield nodes.map((node) => roundAt(node, time, to));
  }
}
