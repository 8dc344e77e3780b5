import type { Services } from '../services';
import { DAY, MINUTE } from '../util/time';
import type { LatenciesResponse } from './health-schemas';
import { critical } from './monitored-devices';
import { isoTime } from './wire';

/** As many devices as the dashboard lists. */
const MOST = 8;
const STEP_MS = 30 * MINUTE;

/** Returns the last day's latencies of the critical devices, the worst eight, in half hours; gaps are nulls. */
export async function latencies(services: Services): Promise<LatenciesResponse> {
  const { nodes } = await critical(services, { limit: MOST });
  const now = Date.now();
  const range = { from: now - DAY, to: now };
  const { connections } = services.histories;
  const histories = nodes.map(async ({ id, hostname }) => {
    const points = await connections.latencyHistory(id, range, STEP_MS);
    return { node_id: id, hostname, latency_ms: points.map(({ latencyMs }) => latencyMs) };
  });
  return {
    from: isoTime(range.from),
    to: isoTime(range.to),
    step_seconds: STEP_MS / 1000,
    nodes: await Promise.all(histories),
  };
}
