import type { Metadata } from 'next';
import { connection } from 'next/server';
import { load } from '@/lib/api/load';
import type { UsageResponse } from '@/lib/api/schemas';
import type { Loaded } from '@/lib/calls/call';
import { usageCall } from '@/lib/calls/page-calls';
import { LoadFailed } from '../../_ui/load-failed';
import { readerZone } from '../../_ui/reader-zone';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { apiParameters, parseView } from '../view';
import { ServicesScreen } from './services-screen';

export const metadata: Metadata = { title: 'Services' };

/** Every service that was accessed: how often, by whom, how fast, and when last. */
export default async function ServicesPage({ searchParams }: PageProps) {
  await connection();
  const view = parseView(toSearchParams(await searchParams), await readerZone());
  let usage: Loaded<UsageResponse>;
  try {
    usage = await load(usageCall(apiParameters(view)));
  } catch (error) {
    return (
      <LoadFailed error={error} title="The services could not be loaded">
        <a href="/vpn/services">Try again</a>, or go to the <a href="/vpn">dashboard</a>.
      </LoadFailed>
    );
  }
  return <ServicesScreen now={Date.now()} initial={usage} />;
}
