import type { Loaded, Resource } from '../calls/call';
import { dashboardCalls } from '../calls/page-calls';
import { requireRole } from '../identity/current';
import { currentServices } from '../services';
import { health } from './health';
import type { MonitoredDevicesResponse } from './health-schemas';
import { load } from './load';
import { type Connections, loadConnections } from './pages';
import type {
  DevicesResponse,
  HealthResponse,
  LogDoctorResponse,
  QuotaStatusResponse,
  UsageResponse,
} from './schemas';

/** What the dashboard shows at first. */
export type Dashboard = {
  usage: Loaded<UsageResponse>;
  /** Not loaded until tailscaled has answered for the first time; the same goes for `quota` and `critical`. */
  devices: Resource<DevicesResponse>;
  quota: Resource<QuotaStatusResponse>;
  critical: Resource<MonitoredDevicesResponse>;
  doctor: Loaded<LogDoctorResponse>;
  health: Loaded<HealthResponse>;
};

/** Loads the dashboard of a view, and the paths of the critical devices. Throws `InvalidInput` on a wrong parameter. */
export async function loadDashboard(
  view: Parameters<typeof dashboardCalls>[0],
): Promise<{ dashboard: Dashboard; spans: Connections['spans'] }> {
  requireRole('viewer');
  const isKnown = currentServices().forCollector(view.collector).tailnet.view().status !== null;
  const calls = dashboardCalls(view);
  const [usage, devices, quota, { critical, spans }, doctor, health] = await Promise.all([
    load(calls.usage),
    isKnown ? load(calls.devices) : calls.devices,
    isKnown ? load(calls.quota) : calls.quota,
    loadConnections(calls.critical),
    load(calls.doctor),
    load(calls.health),
  ]);
  return { dashboard: { usage, devices, quota, critical, doctor, health }, spans };
}

/** Loads the state of the service, which every page shows. */
export function loadHealth(): Promise<HealthResponse> {
  return health(currentServices());
}
