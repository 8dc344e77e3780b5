import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import { connection } from 'next/server';
import { load } from '@/lib/api/load';
import { inventoryCalls } from '@/lib/calls/page-calls';
import { t } from '@/lib/i18n/t';
import { LoadFailed, waitsForTailscaled } from '../../_ui/load-failed';
import { Messages } from '../../_ui/messages';
import { rich } from '../../_ui/rich';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { collectorOf } from '../view';
import { type InventoryPage, InventoryScreen } from './inventory-screen';
import { COLUMNS_COOKIE, rememberedColumns } from './inventory-view';

export const generateMetadata = (): Metadata => ({ title: t('inventory.title') });

/** What each device is and runs, and what has changed of it. */
export default async function InventoryRoute({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const remembered = rememberedColumns((await cookies()).get(COLUMNS_COOKIE)?.value);
  let initial: InventoryPage;
  try {
    const calls = inventoryCalls(collectorOf(params));
    const [devices, changes] = await Promise.all([load(calls.devices), load(calls.changes)]);
    initial = { devices, changes };
  } catch (error) {
    const waits = waitsForTailscaled(error);
    return (
      <LoadFailed error={error} title={t(waits ? 'inventory.waiting' : 'inventory.failed')}>
        {waits && t('inventory.waitingText')}{' '}
        {rich('inventory.failedBody', {
          again: (inside) => <a href="/vpn/devices">{inside}</a>,
          dashboard: (inside) => <a href="/vpn">{inside}</a>,
          health: (inside) => <a href="/healthz">{inside}</a>,
        })}
      </LoadFailed>
    );
  }
  return (
    <Messages of={['inventory']}>
      <InventoryScreen now={Date.now()} initial={initial} remembered={remembered} />
    </Messages>
  );
}
