import type { Metadata } from 'next';
import { connection } from 'next/server';
import { load } from '@/lib/api/load';
import type { AccessLogsResponse } from '@/lib/api/schemas';
import { accessLogCall } from '@/lib/calls/page-calls';
import { t } from '@/lib/i18n/t';
import { LoadFailed } from '../../_ui/load-failed';
import { Messages } from '../../_ui/messages';
import { readerZone } from '../../_ui/reader-zone';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { loadCircumstances } from '../circumstances';
import type { Circumstances } from '../no-accesses';
import { apiParameters, parseView, viewQuery } from '../view';
import { Accesses } from './accesses';

export const generateMetadata = (): Metadata => ({ title: t('common.accesses') });

const PAGE = 100;

/** The access log, newest first: the same filters as the dashboard, a hundred accesses per page. */
export default async function AccessesPage({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const view = parseView(params, await readerZone());
  const cursor = params.get('cursor') || undefined;
  let page: AccessLogsResponse;
  let why: Circumstances | null = null;
  try {
    const call = accessLogCall({ ...apiParameters(view), limit: PAGE, cursor });
    page = (await load(call)).initial;
    if (page.total === 0) why = await loadCircumstances(view);
  } catch (error) {
    return (
      <LoadFailed error={error} title={t('accessList.loadFailed')}>
        <a href="/vpn/accesses">{t('accessList.startNewest')}</a>
      </LoadFailed>
    );
  }
  return (
    <Messages of={['accessList', 'dashboard', 'usage', 'view']}>
      <Accesses
        now={Date.now()}
        page={page}
        why={why}
        isFirst={!cursor}
        key={`${viewQuery(view)} ${cursor}`}
      />
    </Messages>
  );
}
