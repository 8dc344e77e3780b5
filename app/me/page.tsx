import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { connection } from 'next/server';
import { type MeResponse, me } from '@/lib/api/me';
import { t } from '@/lib/i18n/t';
import { requireRole } from '@/lib/identity/current';
import { currentServices } from '@/lib/services';
import { LoadFailed } from '../_ui/load-failed';
import { Messages } from '../_ui/messages';
import { MeScreen } from './me-screen';

export const generateMetadata = (): Metadata => ({ title: t('me.title') });

/** What the dashboard knows of the caller. */
export default async function MePage() {
  await connection();
  let caller: MeResponse;
  try {
    requireRole('viewer');
    caller = await me(currentServices());
  } catch (error) {
    return <LoadFailed error={error} title={t('me.failed')} />;
  }
  // The operator reaches the dashboard at the very port that `tailscale serve` has to publish.
  const { port } = new URL(`http://${(await headers()).get('host') ?? 'localhost'}`);
  return (
    <Messages of={['me', 'usage']}>
      <MeScreen now={Date.now()} caller={caller} port={port || '80'} />
    </Messages>
  );
}
