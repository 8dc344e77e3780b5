import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { connection } from 'next/server';
import { loadModelsPage, type ModelsPage } from '@/lib/api/models-page';
import { t } from '@/lib/i18n/t';
import { currentServices } from '@/lib/services';
import { LoadFailed } from '../../_ui/load-failed';
import { Messages } from '../../_ui/messages';
import { rich } from '../../_ui/rich';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { collectorOf } from '../view';
import { ModelsScreen } from './models-screen';

export const generateMetadata = (): Metadata => ({ title: t('models.title') });

/** The models that report their errors, and the one named in the address in full. */
export default async function ModelsRoute({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  const collector = collectorOf(params);
  let page: ModelsPage;
  let origin: string;
  try {
    page = await loadModelsPage(params.get('model'), collector);
    origin = currentServices().instance.publicUrl ?? `http://${(await headers()).get('host')}`;
  } catch (error) {
    return (
      <LoadFailed error={error} title={t('models.failed')}>
        {rich('models.failedGo', {
          models: (text) => <a href="/vpn/models">{text}</a>,
          dashboard: (text) => <a href="/vpn">{text}</a>,
          healthz: () => <a href="/healthz">/healthz</a>,
        })}
      </LoadFailed>
    );
  }
  return (
    <Messages of={['models', 'events', 'alerts', 'view']}>
      <ModelsScreen now={Date.now()} initial={page} origin={origin} collector={collector} />
    </Messages>
  );
}
