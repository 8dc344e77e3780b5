import type { Metadata } from 'next';
import { connection } from 'next/server';
import { type Dashboard as DashboardData, loadDashboard } from '@/lib/api/dashboard';
import type { Connections } from '@/lib/api/pages';
import type { DevicesResponse } from '@/lib/api/schemas';
import type { Resource } from '@/lib/calls/call';
import { t } from '@/lib/i18n/t';
import { LoadFailed } from '../_ui/load-failed';
import { Messages } from '../_ui/messages';
import { readerZone } from '../_ui/reader-zone';
import { rich } from '../_ui/rich';
import { type PageProps, toSearchParams } from '../_ui/search-params';
import { stripsOf } from './connection-strips';
import { Dashboard } from './dashboard';
import { parseDeviceList } from './device-list-view';
import { type Known, knownOf, sortDevices } from './device-order';
import { SetUpGuide } from './set-up-guide';
import { apiParameters, parseView } from './view';

export const generateMetadata = (): Metadata => ({ title: t('common.dashboard') });

/** With more devices than this the page carries only the worst; the browser fetches the rest. */
const CARRIED = 60;

/** The dashboard, rendered with its data. */
export default async function VpnPage({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const view = parseView(params, await readerZone());
  const allDevices = parseDeviceList(params).all;
  const now = Date.now();
  let initial: DashboardData;
  let spans: Connections['spans'];
  try {
    const loaded = await loadDashboard(apiParameters(view));
    initial = loaded.dashboard;
    spans = loaded.spans;
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
  if (!allDevices) {
    const known = knownOf(initial.critical.initial, initial.health.initial);
    initial = { ...initial, devices: firstDevices(initial.devices, now, known) };
  }
  const { tailscale, access_log } = initial.health.initial;
  return (
    <Messages of={['connections', 'dashboard', 'deviceList', 'logDoctor', 'usage', 'view']}>
      <Dashboard
        now={now}
        initial={initial}
        strips={stripsOf(spans, now)}
        guide={
          <SetUpGuide tailnet={tailscale.source === 'none'} log={access_log.pattern === null} />
        }
      />
    </Messages>
  );
}

/** Returns only the worst devices when there are too many for a page to carry. */
function firstDevices(
  devices: Resource<DevicesResponse>,
  now: number,
  known: Known,
): Resource<DevicesResponse> {
  const { path, initial } = devices;
  if (!initial || initial.devices.length <= CARRIED) return devices;
  const worst = sortDevices(initial.devices, null, now, known).slice(0, CARRIED);
  return { path, initial: { ...initial, devices: worst }, partial: true };
}
