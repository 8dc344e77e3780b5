import type { Metadata } from 'next';
import { connection } from 'next/server';
import { type AuditResponse, audit, auditQuery } from '@/lib/api/audit';
import { parseQuery } from '@/lib/api/query';
import { requireRole } from '@/lib/identity/current';
import { currentServices } from '@/lib/services';
import { LoadFailed } from '../../_ui/load-failed';
import { type PageProps, toSearchParams } from '../../_ui/search-params';
import { AuditScreen } from './audit-screen';

export const metadata: Metadata = { title: 'Audit' };

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
      <LoadFailed error={error} title="The audit could not be loaded">
        <a href="/vpn/audit">Start from the newest</a>
      </LoadFailed>
    );
  }
  return <AuditScreen now={Date.now()} page={page} isFirst={!params.has('cursor')} />;
}
