import type { TimeRange } from '../domain/access';
import type { Digest } from '../domain/digest';
import { EVENT_KINDS, type EventKind } from '../domain/event';
import { bytesOf, NO_BYTES, plus } from '../domain/traffic';
import { uptimeOf, uptimeShare } from '../domain/uptime';
import type { AlertStore } from '../store/ports/alerts';
import type { Histories } from '../store/ports/stores';

const SERVICES = 5;
const DEVICES = 3;
const NAMES = 5;
/** More devices would make a message that nobody reads. */
const AVAILABILITY = 30;
const PAGE = 500;
/** Of a busier period it is not read to its beginning. */
const MOST_PAGES = 4;

/** Where a digest is taken from. */
export type DigestSources = Histories & { alerts: AlertStore };

/** Returns what a period was like. It costs by its length, not by the history. */
export async function digestOf(
  sources: DigestSources,
  { from, to }: TimeRange,
  nonTailnet: boolean,
): Promise<Digest> {
  const range = { from, to };
  const filter = { bots: false, nonTailnet };
  const usage = await sources.accesses.usage(range, filter);
  const before = await sources.accesses.totals({ from: from - (to - from), to: from }, filter);
  return {
    ...range,
    accesses: {
      count: usage.totalAccesses,
      before: before.hits,
      people: usage.visitors.people,
      errors: errorsIn(usage.byStatus),
    },
    services: usage.byHost
      .toSorted((a, b) => b.hits - a.hits)
      .slice(0, SERVICES)
      .map(({ host, hits: accesses, errors }) => ({ host, accesses, errors })),
    traffic: await trafficIn(sources, range),
    availability: await availabilityIn(sources, range),
    changes: await changesIn(sources, range),
    alerts: await alertsIn(sources, range),
  };
}

const errorsIn = (byStatus: Record<string, number>) =>
  Object.entries(byStatus).reduce((sum, [status, n]) => sum + (status.startsWith('5') ? n : 0), 0);

async function trafficIn({ traffic }: DigestSources, range: TimeRange): Promise<Digest['traffic']> {
  const sums = await traffic.trafficSums('hour', range, null);
  const byDevice = new Map<string, { name: string; bytes: number }>();
  for (const sum of sums) {
    const bytes = bytesOf(sum) + (byDevice.get(sum.nodeId)?.bytes ?? 0);
    byDevice.set(sum.nodeId, { name: sum.hostname, bytes });
  }
  const devices = [...byDevice.values()].filter(({ bytes }) => bytes > 0);
  return {
    ...sums.reduce(plus, NO_BYTES),
    devices: devices.sort((a, b) => b.bytes - a.bytes).slice(0, DEVICES),
  };
}

async function availabilityIn(
  { connections, paths }: DigestSources,
  range: TimeRange,
): Promise<Digest['availability']> {
  const pinged = (await connections.lastConnections()).filter(({ time }) => time >= range.from);
  if (pinged.length === 0) return [];
  const ids = pinged.map(({ nodeId }) => nodeId);
  const spans = await paths.pathSpans(ids, range);
  const lines = pinged.map(({ nodeId, hostname: name }) => {
    const uptime = uptimeOf(
      spans.filter((span) => span.nodeId === nodeId),
      range,
    );
    return { name, share: uptimeShare(uptime), downMs: uptime.knownMs - uptime.upMs };
  });
  return lines.sort((a, b) => b.downMs - a.downMs).slice(0, AVAILABILITY);
}

async function changesIn({ events }: DigestSources, range: TimeRange): Promise<Digest['changes']> {
  const byKind = new Map<EventKind, { count: number; names: Set<string> }>();
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { events: some, nextCursor } = await events.events(range, {}, PAGE, cursor);
    for (const { kind, hostname } of some) {
      const known = byKind.get(kind) ?? { count: 0, names: new Set<string>() };
      known.count++;
      if (hostname !== null && known.names.size < NAMES) known.names.add(hostname);
      byKind.set(kind, known);
    }
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return EVENT_KINDS.flatMap((kind) => {
    const found = byKind.get(kind);
    return found ? [{ kind, count: found.count, names: [...found.names] }] : [];
  });
}

async function alertsIn({ alerts }: DigestSources, range: TimeRange): Promise<Digest['alerts']> {
  const isIn = (time: number | null) => time !== null && time >= range.from && time < range.to;
  const open = (await alerts.openAlerts()).filter(({ alert }) => alert.state === 'firing');
  let fired = open.filter(({ alert }) => isIn(alert.firedAt)).length;
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const past = await alerts.history({ topic: null, nodeId: null }, PAGE, cursor);
    fired += past.alerts.filter(({ firedAt }) => isIn(firedAt)).length;
    const oldest = past.alerts.at(-1)?.resolvedAt ?? 0;
    if (past.nextCursor === null || oldest < range.from) break;
    cursor = past.nextCursor;
  }
  return { fired, firing: open.length };
}
