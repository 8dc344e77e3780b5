import type { Metadata } from 'next';
import { connection } from 'next/server';
import { type SettingsResponse, settings } from '@/lib/api/settings';
import { t } from '@/lib/i18n/t';
import { requireRole } from '@/lib/identity/current';
import { currentServices } from '@/lib/services';
import { LoadFailed } from '../../_ui/load-failed';
import { Messages } from '../../_ui/messages';
import { SettingsScreen } from './settings-screen';

export const generateMetadata = (): Metadata => ({ title: t('settings.title') });

/** What the environment leaves open, to be set here. */
export default async function SettingsPage() {
  await connection();
  let given: SettingsResponse;
  try {
    requireRole('admin');
    given = settings(currentServices());
  } catch (error) {
    return <LoadFailed error={error} title={t('settings.failed')} />;
  }
  return (
    <Messages of={['settings', 'alerts']}>
      <SettingsScreen given={given} />
    </Messages>
  );
}
