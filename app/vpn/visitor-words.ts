import type { UsageResponse } from '@/lib/api/schemas';
import { formatQuantity } from '@/lib/domain/format';

type Counts = Pick<UsageResponse, 'people' | 'servers' | 'unnamed_addresses'>;

/** Who the accesses are by: `4 people, 4 servers`; empty when there is nobody to name. */
export function visitorWords(counts: Counts): string {
  const people = counts.people > 0 ? [formatQuantity(counts.people, 'person', 'people')] : [];
  return [...people, ...besidePeople(counts)].join(', ');
}

/** Who the accesses are by besides people: `4 servers, 1 unnamed address`; empty when there are only people. */
export function besidePeopleWords(counts: Counts): string {
  return besidePeople(counts).join(', ');
}

function besidePeople({ servers, unnamed_addresses: unnamed }: Counts): string[] {
  return [
    ...(servers > 0 ? [formatQuantity(servers, 'server')] : []),
    ...(unnamed > 0 ? [formatQuantity(unnamed, 'unnamed address', 'unnamed addresses')] : []),
  ];
}
