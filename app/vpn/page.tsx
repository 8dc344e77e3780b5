import type { Metadata } from 'next';
import { connection } from 'next/server';
import { type Dashboard as DashboardData, loadDashboard } from '@/lib/api/dashboard';
import type { DevicesResponse } from '@/lib/api/schemas';
import type { Resource } from '@/lib/calls/call';
import { t } from '@/lib/i18n/t';
import { LoadFailed } from '../_ui/load-failed';
import { Messages } from '../_ui/messages';
import { pack } from '../_ui/packed';
import { readerZone } from '../_ui/reader-zone';
import { rich } from '../_ui/rich';
import { type PageProps, toSearchParams } from '../_ui/search-params';
import { carriedDevices } from './carried-devices';
import { Dashboard } from './dashboard';
import { type DeviceListView, parseDeviceList } from './device-list-view';
import { firingDevices } from './device-order';
import { SetUpGuide } from './set-up-guide';
import { apiParameters, parseView } from './view';

export const generateMetadata = (): Metadata => ({ title: t('common.dashboard') });

/** The dashboard, rendered with its data. */
export default async function VpnPage({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const view = parseView(params, await readerZone());
  const now = Date.now();
  let initial: DashboardData;
  try {
    initial = await loadDashboard(apiParameters(view));
  } catch (error) {
    return (
      <LoadFailed error={error} title={t('dashboard.loadFailed')}>
        {rich('dashboard.loadFailedNext', {
          again: (words) => <a href={`/vpn?${params}`}>{words}</a>,
          start: (words) => <a href="/vpn">{words}</a>,
          health: () => (
            <a href="/healthz">
              <code>/healthz</code>
            </a>
          ),
        })}
      </LoadFailed>
    );
  }
  const firing = firingDevices(initial.health.initial);
  const devices = carried(initial.devices, parseDeviceList(params), now, firing);
  const { tailscale, access_log } = initial.health.initial;
  return (
    <Messages of={['connections', 'dashboard', 'deviceList', 'logDoctor', 'usage', 'view']}>
      <Dashboard
        now={now}
        beginning={pack({ ...initial, devices })}
        guide={
          <SetUpGuide tailnet={tailscale.source === 'none'} log={access_log.pattern === null} />
        }
      />
    </Messages>
  );
}

/** Returns only the devices that the page needs at first. */
function carried(
  devices: Resource<DevicesResponse>,
  ...shown: [DeviceListView, number, ReadonlySet<string>]
): Resource<DevicesResponse> {
  const { path, initial } = devices;
  if (!initial) return devices;
  const first = carriedDevices(initial.devices, ...shown);
  if (first === initial.devices) return devices;
  return { path, initial: { ...initial, devices: first }, partial: true };
}
