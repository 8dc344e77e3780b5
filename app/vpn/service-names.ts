import type { UsageResponse } from '@/lib/api/schemas';

/** What hosts are filtered by where the log names none. */
const NO_HOST = '(none)';

/** Returns how a service is filtered by, and what it is called. */
export const serviceOf = ({ host }: { host: string | null }) => ({
  value: host ?? NO_HOST,
  text: host === null ? 'No host in the log' : host === '(other)' ? 'Other hosts' : host,
});

/** Returns whether there are several services to tell apart. */
export const hasServices = ({ by_host }: UsageResponse) =>
  by_host.filter(({ host }) => host !== null).length > 1;
