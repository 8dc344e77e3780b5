import type { Metadata } from 'next';
import { connection } from 'next/server';
import { type HealthPage, loadHealthPage } from '@/lib/api/pages';
import { LoadFailed } from '../../_ui/load-failed';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { stripsOf } from '../connection-strips';
import { eventParameters, parseEventView } from '../events/event-groups';
import { collectorOf } from '../view';
import { HealthScreen } from './health-screen';

export const metadata: Metadata = { title: 'Health' };

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
    return (
      <LoadFailed error={error} title="The health of the tailnet could not be loaded">
        <a href="/vpn/health">Try again</a>, go to the <a href="/vpn">dashboard</a>, or see{' '}
        <a href="/healthz">/healthz</a>.
      </LoadFailed>
    );
  }
  const now = Date.now();
  const {
    connections: { critical, spans },
    ...initial
  } = page;
  return (
    <HealthScreen
      now={now}
      initial={{ ...initial, critical }}
      strips={stripsOf(spans, now)}
      view={view}
      collector={collector}
    />
  );
}
