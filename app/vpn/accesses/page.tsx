import type { Metadata } from 'next';
import { connection } from 'next/server';
import { load } from '@/lib/api/load';
import type { AccessLogsResponse } from '@/lib/api/schemas';
import { accessLogCall } from '@/lib/calls/page-calls';
import { LoadFailed } from '../../_ui/load-failed';
import { readerZone } from '../../_ui/reader-zone';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { apiParameters, parseView, viewQuery } from '../view';
import { Accesses } from './accesses';

export const metadata: Metadata = { title: 'Accesses' };

const PAGE = 100;

/** The access log, newest first: the same filters as the dashboard, a hundred accesses per page. */
export default async function AccessesPage({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const view = parseView(params, await readerZone());
  const cursor = params.get('cursor') || undefined;
  let page: AccessLogsResponse;
  try {
    const call = accessLogCall({ ...apiParameters(view), limit: PAGE, cursor });
    page = (await load(call)).initial;
  } catch (error) {
    return (
      <LoadFailed error={error} title="The accesses could not be loaded">
        <a href="/vpn/accesses">Start from the newest</a>
      </LoadFailed>
    );
  }
  return (
    <Accesses now={Date.now()} page={page} isFirst={!cursor} key={`${viewQuery(view)} ${cursor}`} />
  );
}
