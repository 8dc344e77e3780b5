import type { Metadata } from 'next';
import { connection } from 'next/server';
import { type LogsWire, logsQuery, searchLog } from '@/lib/api/logs';
import { parseQuery } from '@/lib/api/query';
import { requireRole } from '@/lib/identity/current';
import { currentServices } from '@/lib/services';
import { LoadFailed } from '../../_ui/load-failed';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { LogScreen } from './log-screen';
import { logQuery, parseLogView } from './log-view';

export const metadata: Metadata = { title: 'Log' };

/** What the service wrote into its log, newest first. */
export default async function LogPage({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const view = parseLogView(params);
  const cursor = params.get('cursor');
  let page: LogsWire;
  try {
    requireRole('admin');
    const query = logQuery(view);
    if (cursor) query.set('cursor', cursor);
    page = await searchLog(currentServices(), parseQuery(logsQuery, query));
  } catch (error) {
    return (
      <LoadFailed error={error} title="The log could not be searched">
        <a href="/vpn/logs">Start from the newest lines</a>
      </LoadFailed>
    );
  }
  return (
    <LogScreen
      key={`${logQuery(view)} ${cursor}`}
      now={Date.now()}
      page={page}
      view={view}
      isFirst={!cursor}
    />
  );
}
