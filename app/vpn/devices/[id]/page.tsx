import type { Metadata } from 'next';
import { connection } from 'next/server';
import { cache } from 'react';
import { type DevicePage, loadDevicePage, loadSimilarDevices } from '@/lib/api/pages';
import { isAppError } from '@/lib/domain/errors';
import { t } from '@/lib/i18n/t';
import { answerNotFound } from '@/lib/identity/current';
import { LoadFailed } from '../../../_ui/load-failed';
import { Messages } from '../../../_ui/messages';
import { readerZone } from '../../../_ui/reader-zone';
import { rich } from '../../../_ui/rich';
import { type PageProps, toSearchParams } from '../../../_ui/search-params';
import { decodePart } from './decode-part';
import { DeviceScreen } from './device-screen';
import { deviceHref, parseDeviceView } from './device-view';
import { NoSuchDevice } from './no-such-device';

type Props = PageProps & { params: Promise<{ id: string }> };

const viewOf = async (query: string) =>
  parseDeviceView(new URLSearchParams(query), await readerZone());

const load = cache(
  async (id: string, query: string): Promise<{ page: DevicePage } | { error: unknown }> => {
    try {
      return { page: await loadDevicePage(id, await viewOf(query)) };
    } catch (error) {
      return { error };
    }
  },
);

async function request({ params, searchParams }: Props) {
  await connection();
  const id = decodePart((await params).id);
  const query = toSearchParams(await searchParams).toString();
  return { id, query, loaded: await load(id, query) };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { loaded } = await request(props);
  return { title: 'page' in loaded ? loaded.page.hostname : t('device.title') };
}

/** Everything about one device, also one that has left; the address holds its id or its machine name. */
export default async function DeviceRoute(props: Props) {
  const { id, query, loaded } = await request(props);
  const view = await viewOf(query);
  if ('error' in loaded) {
    if (isAppError(loaded.error) && loaded.error.code === 'not_found') {
      answerNotFound();
      const similar = await loadSimilarDevices(id, view.collector);
      return <NoSuchDevice name={id} similar={similar} collector={view.collector} />;
    }
    return (
      <LoadFailed error={loaded.error} title={t('device.loadFailed')}>
        {rich('device.loadFailedLinks', {
          again: (inside) => <a href={deviceHref(id, view)}>{inside}</a>,
          dashboard: (inside) => <a href="/vpn">{inside}</a>,
          healthz: (inside) => <a href="/healthz">{inside}</a>,
        })}
      </LoadFailed>
    );
  }
  return (
    <Messages
      of={['alerts', 'connections', 'device', 'events', 'inventory', 'traffic', 'usage', 'view']}
    >
      <DeviceScreen now={Date.now()} initial={loaded.page} />
    </Messages>
  );
}
