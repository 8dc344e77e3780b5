import type { Connection, PathSpan } from './connection';
import type { Path } from './device';

/** Returns the share of unanswered pings, 0 to 1; `null` when none were sent. */
export function lossOf({ sent, received }: Pick<Connection, 'sent' | 'received'>): number | null {
  return sent > 0 ? 1 - received / sent : null;
}

/**
 * Counts by device how often its path changed, or it went offline or came back. Becoming idle is not a flap. The spans
 * of a device must be in order of time; a device without a flap is left out.
 */
export function flapsByDevice(
  spans: readonly Pick<PathSpan, 'nodeId' | 'path'>[],
): Map<string, number> {
  const flaps = new Map<string, number>();
  const last = new Map<string, Path>();
  for (const { nodeId, path } of spans) {
    if (path === 'idle') continue;
    const before = last.get(nodeId);
    if (before !== undefined && before !== path) flaps.set(nodeId, (flaps.get(nodeId) ?? 0) + 1);
    last.set(nodeId, path);
  }
  return flaps;
}

type Reached = {
  hostname: string;
  critical: boolean;
  /** `null`: unknown. */
  online: boolean | null;
  path: Path;
  loss: number | null;
};

/** Counts the critical devices, and those of them on a direct path and offline. */
export function countCritical(devices: readonly Pick<Reached, 'critical' | 'path'>[]) {
  const critical = devices.filter((device) => device.critical);
  const on = (path: Path) => critical.filter((device) => device.path === path).length;
  return { critical: critical.length, direct: on('direct'), offline: on('offline') };
}

/**
 * Orders devices worst first, equal ones by name: critical ones that are offline, relayed or lossy ones, those reached
 * by a peer relay, other healthy ones (critical before the rest), and last the others that are offline, since phones
 * and laptops come and go.
 */
export function worstFirst(a: Reached, b: Reached): number {
  return severity(b) - severity(a) || a.hostname.localeCompare(b.hostname);
}

function severity({ critical, online, path, loss }: Reached): number {
  if (online === false) return critical ? 100 : 0;
  const detour = path === 'relay' ? 10 : path === 'peer_relay' ? 2 : 0;
  return detour + (loss ?? 0) * 10 + (critical ? 1 : 0.5);
}
