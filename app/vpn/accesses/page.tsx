import type { Metadata } from 'next';
import { connection } from 'next/server';
import { accessLogs } from '@/lib/api/analytics';
import { accessLogsQuery, parseInput } from '@/lib/api/query';
import type { AccessLogsWire } from '@/lib/api/schemas';
import { requireRole } from '@/lib/identity/current';
import { currentServices } from '@/lib/services';
import { LoadFailed } from '../../_ui/load-failed';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { apiParams, parseView, viewQuery } from '../view';
import { Accesses } from './accesses';

export const metadata: Metadata = { title: 'Accesses' };

const PAGE = 100;

/** The access log, hit by hit, newest first: the same filters as the dashboard, a hundred a page. */
export default async function AccessesPage({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const view = parseView(params);
  const cursor = params.get('cursor');
  let page: AccessLogsWire;
  try {
    const query = apiParams(view);
    query.set('limit', String(PAGE));
    if (cursor) query.set('cursor', cursor);
    requireRole('viewer');
    const { collector, ...rest } = Object.fromEntries(query);
    page = await accessLogs(
      currentServices().forCollector(collector),
      parseInput(accessLogsQuery, rest),
    );
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
