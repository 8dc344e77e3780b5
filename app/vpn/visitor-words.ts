import type { UsageResponse } from '@/lib/api/schemas';
import type { MessageKey } from '@/lib/i18n/messages';
import { t } from '@/lib/i18n/t';

type Counts = Pick<UsageResponse, 'people' | 'servers' | 'unnamed_addresses'>;

/** Who the accesses are by: `4 people, 4 servers`; empty when there is nobody to name. */
export function visitorWords(counts: Counts): string {
  const people = counts.people > 0 ? [t('dashboard.personCount', { count: counts.people })] : [];
  return [...people, ...besidePeople(counts)].join(', ');
}

/** Who the accesses are by besides people: `4 servers, 1 unnamed address`; empty when there are only people. */
export function besidePeopleWords(counts: Counts): string {
  return besidePeople(counts).join(', ');
}

function besidePeople({ servers, unnamed_addresses: unnamed }: Counts): string[] {
  return [
    ...(servers > 0 ? [t('dashboard.serverCount', { count: servers })] : []),
    ...(unnamed > 0 ? [t('dashboard.unnamedCount', { count: unnamed })] : []),
  ];
}

/** What the accesses of clients that are no users are listed under. */
const NOBODY: Record<string, MessageKey> = {
  unknown: 'dashboard.unnamedAddresses',
  loopback: 'dashboard.thisDevice',
  'non-tailnet': 'dashboard.outside',
};

/** Returns whether a user that accesses are listed under is a person: no tags of a server, and no unnamed client. */
export const isPerson = (user: string) => !user.startsWith('tag:') && !Object.hasOwn(NOBODY, user);

/** Returns what a user that accesses are listed under is called. */
export function userName({ user, name }: { user: string; name: string }): string {
  const nobody = Object.hasOwn(NOBODY, user) ? NOBODY[user] : undefined;
  return nobody ? t(nobody) : name || user;
}
