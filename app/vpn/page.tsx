import type { Metadata } from 'next';
import { connection } from 'next/server';
import { type Dashboard as DashboardData, loadDashboard } from '@/lib/api/dashboard';
import { type Connections, loadConnections } from '@/lib/api/pages';
import { currentServices } from '@/lib/services';
import { LoadFailed } from '../_ui/load-failed';
import { type PageProps, toSearchParams } from '../_ui/search-params';
import { ConnectGuide } from './connect-guide';
import { stripsOf } from './connection-strips';
import { Dashboard } from './dashboard';
import { sortDevices } from './device-order';
import { LogGuide } from './log-guide';
import { apiParams, parseView, viewQuery } from './view';

export const metadata: Metadata = { title: 'Dashboard' };

/** With more devices than this the page carries only the worst of them; the browser asks for the rest. */
const CARRIED = 60;

/** The dashboard, rendered with its data. */
export default async function VpnPage({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const view = parseView(params);
  const allDevices = params.get('devices') === 'all';
  const now = Date.now();
  let initial: DashboardData;
  let connections: Connections | null;
  try {
    initial = await loadDashboard(apiParams(view));
    connections = await loadConnections(currentServices().forCollector(view.filters.collector));
  } catch (error) {
    return (
      <LoadFailed error={error} title="The dashboard could not be loaded">
        <a href={`/vpn?${params}`}>Try again</a>, <a href="/vpn">start from the default view</a>, or
        see <a href="/healthz">/healthz</a>.
      </LoadFailed>
    );
  }
  const partial = !allDevices && (initial.devices?.devices.length ?? 0) > CARRIED;
  if (partial && initial.devices) {
    const worst = sortDevices(initial.devices.devices, null, now).slice(0, CARRIED);
    initial = { ...initial, devices: { ...initial.devices, devices: worst } };
  }
  return (
    <Dashboard
      now={now}
      initial={initial}
      critical={connections?.critical}
      strips={stripsOf(connections, now)}
      initialQuery={viewQuery(view)}
      partialDevices={partial}
      allDevices={allDevices}
      connectGuide={<ConnectGuide />}
      logGuide={<LogGuide />}
    />
  );
}
