import type { UsageResponse } from '@/lib/api/schemas';
import { t } from '@/lib/i18n/t';

/** What hosts are filtered by where the log names none. */
const NO_HOST = '(none)';

/** Returns how a service is filtered by, and what it is called. */
export const serviceOf = ({ host }: { host: string | null }) => ({
  value: host ?? NO_HOST,
  text: host === null ? t('usage.noHost') : host === '(other)' ? t('usage.otherHosts') : host,
});

/** Returns whether there are several services to tell apart. */
export const hasServices = ({ by_host }: UsageResponse) =>
  by_host.filter(({ host }) => host !== null).length > 1;
