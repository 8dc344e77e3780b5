import type { Metadata } from 'next';
import { connection } from 'next/server';
import { type AuditResponse, audit, auditQuery } from '@/lib/api/audit';
import { parseQuery } from '@/lib/api/query';
import { t } from '@/lib/i18n/t';
import { requireRole } from '@/lib/identity/current';
import { currentServices } from '@/lib/services';
import { LoadFailed } from '../../_ui/load-failed';
import { Messages } from '../../_ui/messages';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { AuditScreen } from './audit-screen';

export const generateMetadata = (): Metadata => ({ title: t('audit.title') });

/** Who changed what, newest first. */
export default async function AuditPage({ searchParams }: PageProps) {
  await connection();
  const params = toSearchParams(await searchParams);
  let page: AuditResponse;
  try {
    requireRole('admin');
    page = await audit(currentServices(), parseQuery(auditQuery, params));
  } catch (error) {
    return (
      <LoadFailed error={error} title={t('audit.failed')}>
        <a href="/vpn/audit">{t('audit.fromNewest')}</a>
      </LoadFailed>
    );
  }
  return (
    <Messages of={['audit']}>
      <AuditScreen now={Date.now()} page={page} isFirst={!params.has('cursor')} />
    </Messages>
  );
}
