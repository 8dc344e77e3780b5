import type { VisitorCounts } from '../domain/access';
import { grouped } from './accumulator';
import type { Dictionaries } from './dictionaries';

/** Returns how many users, and how many of each class of visitors, have hits; `visitorHits` is by visitor id. */
export function distinctVisitors(
  visitorHits: Float64Array,
  names: Pick<Dictionaries, 'user' | 'users' | 'device' | 'devices'>,
): { users: number; visitors: VisitorCounts } {
  const visitors = { people: 0, servers: 0, unnamed: 0 };
  let users = 0;
  grouped(visitorHits, names.user, names.users.length).forEach((hits, u) => {
    if (hits === 0) return;
    users++;
    if (names.users[u]?.person) visitors.people++;
  });
  grouped(visitorHits, names.device, names.devices.length).forEach((hits, d) => {
    const counted = hits > 0 ? names.devices[d]?.class : undefined;
    if (counted === 'server') visitors.servers++;
    if (counted === 'unnamed') visitors.unnamed++;
  });
  return { users, visitors };
}
