import type { Metadata } from 'next';
import { connection } from 'next/server';
import { load } from '@/lib/api/load';
import { serviceTimeZone } from '@/lib/api/time-zone';
import { trafficCalls } from '@/lib/calls/page-calls';
import { zoneNamed } from '@/lib/domain/time-zone';
import { t } from '@/lib/i18n/t';
import { LoadFailed } from '../../_ui/load-failed';
import { Messages } from '../../_ui/messages';
import { rich } from '../../_ui/rich';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { type TrafficPage, TrafficScreen } from './traffic-screen';
import { parseTrafficView, trafficHref, trafficParameters } from './traffic-view';

export const generateMetadata = (): Metadata => ({ title: t('traffic.title') });

/** What travelled between this device and the others: when, by which path, whose. */
export default async function TrafficRoute({ searchParams }: PageProps) {
  await connection();
  const view = parseTrafficView(toSearchParams(await searchParams));
  const now = Date.now();
  let initial: TrafficPage;
  try {
    initial = await loadTraffic(trafficParameters(view, now, zoneNamed(serviceTimeZone())));
  } catch (error) {
    return (
      <LoadFailed error={error} title={t('traffic.failed')}>
        {rich('traffic.failedBody', {
          again: (inside) => <a href={trafficHref(view)}>{inside}</a>,
          dashboard: (inside) => <a href="/vpn">{inside}</a>,
          health: (inside) => <a href="/healthz">{inside}</a>,
        })}
      </LoadFailed>
    );
  }
  return (
    <Messages of={['traffic']}>
      <TrafficScreen now={now} initial={initial} />
    </Messages>
  );
}

async function loadTraffic(parameters: Parameters<typeof trafficCalls>[0]): Promise<TrafficPage> {
  const calls = trafficCalls(parameters);
  const [over, devices, today, month, lastMonth] = await Promise.all([
    load(calls.over),
    load(calls.devices),
    load(calls.today),
    load(calls.month),
    load(calls.lastMonth),
  ]);
  return { over, devices, today, month, lastMonth };
}
