import type { PathSpan } from '../domain/connection';
import type { Path } from '../domain/device';
import type { TailnetEvent } from '../domain/event';
import { demoOnline, pathAt, routeAt } from '../tailscale/demo-behaviour';
import { type DemoNode, demoNodes } from '../tailscale/demo-nodes';
import { DAY, MINUTE } from '../util/time';

/** What is simulated changes at most this often. */
const SLOT = 10 * MINUTE;
/** For so long back the paths of devices that are not pinged include when they were idle. */
const DETAILED = 8 * DAY;

/** What happened in the demo tailnet between two times: paths as spans, and what changed, in order of time. */
export type Timeline = { spans: PathSpan[]; events: TailnetEvent[] };

/** Returns the timeline of every device but our own. `isCritical`: it is pinged, so it is never idle. */
export function timeline(
  from: number,
  to: number,
  isCritical: (node: DemoNode) => boolean,
): Timeline {
  const others = demoNodes.filter(({ self }) => !self);
  const parts = others.map((node) => ofNode(node, from, to, isCritical(node)));
  return {
    spans: parts.flatMap(({ spans }) => spans),
    events: parts.flatMap(({ events }) => events).sort((a, b) => a.time - b.time),
  };
}

function ofNode(node: DemoNode, from: number, to: number, isPinged: boolean): Timeline {
  const spans: PathSpan[] = [];
  const events: TailnetEvent[] = [];
  let travelled: Path | null = null;
  const add = (time: number, kind: TailnetEvent['kind'], before: string, after: string) =>
    events.push({ time, kind, nodeId: node.id, hostname: node.hostname, before, after });
  for (let time = Math.ceil(from / SLOT) * SLOT; time <= to; time += SLOT) {
    const path = pathSeen(node, time, to, isPinged);
    const last = spans.at(-1);
    if (last) last.to = time;
    if (last?.path === path) continue;
    spans.push({ nodeId: node.id, from: time, to: time, path });
    if (last && path === 'offline') add(time, 'node_offline', 'online', 'offline');
    if (last?.path === 'offline') add(time, 'node_online', 'offline', 'online');
    if (path === 'offline' || path === 'idle') continue;
    if (travelled && travelled !== path) add(time, 'path_changed', travelled, path);
    travelled = path;
  }
  const last = spans.at(-1);
  if (last) last.to = to;
  return { spans, events };
}

function pathSeen(node: DemoNode, time: number, present: number, isPinged: boolean): Path {
  if (!demoOnline(node, time, present)) return 'offline';
  return isPinged || time < present - DETAILED ? routeAt(node, time) : pathAt(node, time);
}
