import type { Bytes, CountedByPath, TrafficPath } from '../domain/traffic';

/** A sample of `usermetrics`: `tailscaled_inbound_bytes_total{path="direct_ipv4"} 1234`. */
const SAMPLE =
  /^tailscaled_(inbound|outbound)_bytes_total\{path="([a-z0-9_]+)"\}\s+(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*$/gim;

/**
 * Reads the bytes by path from what tailscaled gives Prometheus (tailscale.com/s/client-metrics, since 1.78); `null`
 * when they are not in it.
 */
export function countedFromBody(body: string): CountedByPath | null {
  const counted: Partial<Record<TrafficPath, Bytes>> = {};
  for (const [, direction, label = '', value] of body.matchAll(SAMPLE)) {
    const bytes = Math.trunc(Number(value));
    const path = pathOf(label);
    const { rxBytes, txBytes } = counted[path] ?? { rxBytes: 0, txBytes: 0 };
    counted[path] =
      direction === 'inbound'
        ? { rxBytes: rxBytes + bytes, txBytes }
        : { rxBytes, txBytes: txBytes + bytes };
  }
  return Object.keys(counted).length > 0 ? counted : null;
}

function pathOf(label: string): TrafficPath {
  if (label.startsWith('direct')) return 'direct';
  if (label.startsWith('peer_relay')) return 'peer_relay';
  return label.startsWith('derp') ? 'relay' : 'unknown';
}
