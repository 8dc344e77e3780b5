import type { Loaded, Resource } from '../calls/call';
import { dashboardCalls } from '../calls/page-calls';
import { requireRole } from '../identity/current';
import { currentServices } from '../services';
import type { LatenciesResponse, MonitoredDevicesResponse } from './health-schemas';
import { load } from './load';
import type {
  DevicesResponse,
  LogDoctorResponse,
  QuotaStatusResponse,
  UsageResponse,
} from './schemas';
import type { HealthResponse } from './service-schemas';
import type { TrafficResponse } from './traffic-schemas';

/** What the dashboard shows at first. */
export type Dashboard = {
  usage: Loaded<UsageResponse>;
  /**
   * Not loaded until tailscaled has answered for the first time; the same goes for `quota`, `critical` and `latencies`.
   */
  devices: Resource<DevicesResponse>;
  quota: Resource<QuotaStatusResponse>;
  critical: Resource<MonitoredDevicesResponse>;
  latencies: Resource<LatenciesResponse>;
  doctor: Loaded<LogDoctorResponse>;
  health: Loaded<HealthResponse>;
  traffic: Loaded<TrafficResponse>;
};

/** Loads the dashboard of a view. Throws `InvalidInput` on a wrong parameter. */
export async function loadDashboard(
  view: Parameters<typeof dashboardCalls>[0],
): Promise<Dashboard> {
  requireRole('viewer');
  const isKnown = currentServices().forCollector(view.collector).tailnet.view().status !== null;
  const calls = dashboardCalls(view);
  const [usage, devices, quota, critical, latencies, doctor, health, traffic] = await Promise.all([
    load(calls.usage),
    isKnown ? load(calls.devices) : calls.devices,
    isKnown ? load(calls.quota) : calls.quota,
    isKnown ? load(calls.critical) : calls.critical,
    isKnown ? load(calls.latencies) : calls.latencies,
    load(calls.doctor),
    load(calls.health),
    load(calls.traffic),
  ]);
  return { usage, devices, quota, critical, latencies, doctor, health, traffic };
}
