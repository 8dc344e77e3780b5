import type { Metadata } from 'next';
import { connection } from 'next/server';
import { load } from '@/lib/api/load';
import type { LogsResponse } from '@/lib/api/logs';
import type { LogsOverviewResponse } from '@/lib/api/logs-overview';
import type { Loaded } from '@/lib/calls/call';
import { logCall, logOverviewCall } from '@/lib/calls/page-calls';
import { t } from '@/lib/i18n/t';
import { LoadFailed } from '../../_ui/load-failed';
import { Messages } from '../../_ui/messages';
import { readerZone } from '../../_ui/reader-zone';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { LogScreen } from './log-screen';
import { logHref, logParameters, parseLogView } from './log-view';

export const generateMetadata = (): Metadata => ({ title: t('logs.title') });

/** The service's own log, newest first. */
export default async function LogPage({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const view = parseLogView(params, await readerZone());
  const parameters = logParameters(view);
  const cursor = params.get('cursor') || undefined;
  let page: LogsResponse;
  let overview: Loaded<LogsOverviewResponse> | null;
  try {
    page = (await load(logCall({ ...parameters, cursor }))).initial;
    overview = cursor ? null : await load(logOverviewCall(parameters));
  } catch (error) {
    return (
      <LoadFailed error={error} title={t('logs.failed')}>
        <a href="/vpn/logs">{t('logs.fromNewest')}</a>
      </LoadFailed>
    );
  }
  return (
    <Messages of={['logs']}>
      <LogScreen
        key={`${logHref(view)} ${cursor}`}
        now={Date.now()}
        page={page}
        overview={overview}
        view={view}
      />
    </Messages>
  );
}
