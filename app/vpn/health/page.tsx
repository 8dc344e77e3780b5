import type { Metadata } from 'next';
import { connection } from 'next/server';
import { type HealthPage, loadHealthPage } from '@/lib/api/pages';
import { t } from '@/lib/i18n/t';
import { LoadFailed, waitsForTailscaled } from '../../_ui/load-failed';
import { Messages } from '../../_ui/messages';
import { rich } from '../../_ui/rich';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { eventParameters, parseEventView } from '../events/event-groups';
import { collectorOf } from '../view';
import { HealthScreen } from './health-screen';

export const generateMetadata = (): Metadata => ({ title: t('healthPage.title') });

/** Alerts, connections, why devices are relayed, how fast each path is, and what changed. */
export default async function HealthRoute({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const view = parseEventView(params);
  const collector = collectorOf(params);
  let page: HealthPage;
  try {
    page = await loadHealthPage(eventParameters(view), collector);
  } catch (error) {
    const waits = waitsForTailscaled(error);
    return (
      <LoadFailed error={error} title={t(waits ? 'healthPage.waiting' : 'healthPage.loadFailed')}>
        {waits && t('healthPage.waitingText')}{' '}
        {rich('healthPage.loadFailedLinks', {
          again: (inside) => <a href="/vpn/health">{inside}</a>,
          dashboard: (inside) => <a href="/vpn">{inside}</a>,
          healthz: (inside) => <a href="/healthz">{inside}</a>,
        })}
      </LoadFailed>
    );
  }
  return (
    <Messages of={['alerts', 'connections', 'events', 'healthPage', 'view']}>
      <HealthScreen now={Date.now()} initial={page} view={view} collector={collector} />
    </Messages>
  );
}
