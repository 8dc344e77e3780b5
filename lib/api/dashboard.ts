import { requireRole } from '../identity/current';
import { currentServices, type Services } from '../services';
import { dashboardUsage, devices, quotaStatus } from './analytics';
import { health } from './health';
import { logDoctor } from './log-doctor';
import { collectorParameter, parseQuery, usageQuery } from './query';
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
  const services = currentServices().forCollector(collector);
  const known = services.tailnet.view().status !== null;
  return {
    usage: await dashboardUsage(services, query),
    devices: known ? await devices(services) : null,
    quota: known ? await quotaStatus(services) : null,
    doctor: await logDoctor(services),
    health: await loadHealth(services),
    countNonTailnet: services.accessLog.countNonTailnet,
  };
}

/** How the service is doing, for what every page shows. */
export function loadHealth(services: Services = currentServices()): Promise<HealthWire> {
  return health(services);
}
