import { requireRole } from '../identity/current';
import { runtime } from '../runtime/current';
import type { Runtime } from '../runtime/runtime';
import { dashboardUsage, devices, quotaStatus } from './analytics';
import { health } from './health';
import { logDoctor } from './log-doctor';
import { collectorParameter, parseQuery, seenBy, usageQuery } from './query';
import type { DevicesWire, HealthWire, LogDoctorWire, QuotaStatusWire, UsageWire } from './schemas';

/** All that the dashboard shows at first. */
export type Dashboard = {
  usage: UsageWire;
  /** `null` until tailscaled has answered for the first time; so is `quota`. */
  devices: DevicesWire | null;
  quota: QuotaStatusWire | null;
  doctor: LogDoctorWire;
  health: HealthWire;
  countNonTailnet: boolean;
};

/** Loads the dashboard for the parameters of a `dashboard-usage` call. Throws `InvalidInput` when they are wrong. */
export async function loadDashboard(parameters: URLSearchParams): Promise<Dashboard> {
  requireRole('viewer');
  const { collector, ...query } = parseQuery(
    usageQuery.extend({ collector: collectorParameter }),
    parameters,
  );
  const running = seenBy(runtime(), collector);
  const known = running.tailnet.view().status !== null;
  return {
    usage: await dashboardUsage(running, query),
    devices: known ? await devices(running) : null,
    quota: known ? await quotaStatus(running) : null,
    doctor: await logDoctor(running),
    health: await loadHealth(running),
    countNonTailnet: running.accessLog.countNonTailnet,
  };
}

/** How the service is doing, for what every page shows. */
export function loadHealth(running: Runtime = runtime()): Promise<HealthWire> {
  return health(running);
}
