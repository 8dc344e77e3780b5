import type { PathSpeedResponse } from '@/lib/api/health-schemas';

type Speed = PathSpeedResponse['speeds'][number];

/**
 * One endpoint over the paths it was reached by. `ratio`: relayed p50 to direct p50; `null` when one of them is
 * missing.
 */
export type SpeedRow = {
  endpoint: string;
  host: string | null;
  direct: Speed | null;
  relayed: Speed | null;
  ratio: number | null;
};

/** The accesses of an endpoint over both paths. */
export const hitsOf = (row: SpeedRow) => (row.direct?.hits ?? 0) + (row.relayed?.hits ?? 0);

/**
 * Returns the endpoints with both paths first, then by hits. A peer relay counts as relayed only where no DERP relay
 * was used.
 */
export function speedRows(speeds: readonly Speed[]): SpeedRow[] {
  const rows = new Map<string, SpeedRow>();
  for (const speed of speeds) {
    const { endpoint, host, path } = speed;
    const key = `${host ?? ''} ${endpoint}`;
    const row = rows.get(key) ?? { endpoint, host, direct: null, relayed: null, ratio: null };
    if (path === 'direct') row.direct = speed;
    else if (path === 'relay' || row.relayed === null) row.relayed = speed;
    const { direct, relayed } = row;
    row.ratio = direct && relayed && direct.p50_ms > 0 ? relayed.p50_ms / direct.p50_ms : null;
    rows.set(key, row);
  }
  return [...rows.values()].sort(
    (a, b) => Number(b.ratio !== null) - Number(a.ratio !== null) || hitsOf(b) - hitsOf(a),
  );
}
