import type { Metadata } from 'next';
import { connection } from 'next/server';
import { load } from '@/lib/api/load';
import type { LogsResponse } from '@/lib/api/logs';
import { logCall } from '@/lib/calls/page-calls';
import { LoadFailed } from '../../_ui/load-failed';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { LogScreen } from './log-screen';
import { logHref, logParameters, parseLogView } from './log-view';

export const metadata: Metadata = { title: 'Log' };

/** The service's own log, newest first. */
export default async function LogPage({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const view = parseLogView(params);
  const cursor = params.get('cursor') || undefined;
  let page: LogsResponse;
  try {
    const call = logCall({ ...logParameters(view), cursor });
    page = (await load(call)).initial;
  } catch (error) {
    return (
      <LoadFailed error={error} title="The log could not be searched">
        <a href="/vpn/logs">Start from the newest lines</a>
      </LoadFailed>
    );
  }
  return (
    <LogScreen
      key={`${logHref(view)} ${cursor}`}
      now={Date.now()}
      page={page}
      view={view}
      isFirst={!cursor}
    />
  );
}
