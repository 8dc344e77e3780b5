import type { Metadata } from 'next';
import { connection } from 'next/server';
import { load } from '@/lib/api/load';
import type { UsageResponse } from '@/lib/api/schemas';
import type { Loaded } from '@/lib/calls/call';
import { usageCall } from '@/lib/calls/page-calls';
import { t } from '@/lib/i18n/t';
import { LoadFailed } from '../../_ui/load-failed';
import { Messages } from '../../_ui/messages';
import { readerZone } from '../../_ui/reader-zone';
import { rich } from '../../_ui/rich';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { loadCircumstances } from '../circumstances';
import type { Circumstances } from '../no-accesses';
import { apiParameters, parseView } from '../view';
import { ServicesScreen } from './services-screen';

export const generateMetadata = (): Metadata => ({ title: t('common.services') });

/** Every service that was accessed: how often, by whom, how fast, and when last. */
export default async function ServicesPage({ searchParams }: PageProps) {
  await connection();
  const view = parseView(toSearchParams(await searchParams), await readerZone());
  let usage: Loaded<UsageResponse>;
  let why: Circumstances | null = null;
  try {
    usage = await load(usageCall(apiParameters(view)));
    if (usage.initial.total_accesses === 0) why = await loadCircumstances(view);
  } catch (error) {
    return (
      <LoadFailed error={error} title={t('serviceList.loadFailed')}>
        {rich('serviceList.loadFailedNext', {
          again: (words) => <a href="/vpn/services">{words}</a>,
          dashboard: (words) => <a href="/vpn">{words}</a>,
        })}
      </LoadFailed>
    );
  }
  return (
    <Messages of={['dashboard', 'serviceList', 'usage', 'view']}>
      <ServicesScreen now={Date.now()} initial={usage} why={why} />
    </Messages>
  );
}
