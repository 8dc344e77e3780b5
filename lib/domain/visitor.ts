import type { Visitor } from './access';

const UNKNOWN = 'unknown';
/** The tags of a tagged device are in the place of its user, see `IdentifyVisitors`; a login never begins so. */
const TAG_PREFIX = 'tag:';

/** Whose devices are tagged; tailscaled may give it without the tags. */
export const TAGGED_DEVICES = 'tagged-devices';

/** What a visitor counts as. A tagged device is a server; a tailnet address is unnamed while its user is not known. */
export type VisitorClass = 'person' | 'server' | 'unnamed' | 'outside';

/** Returns what a visitor counts as, by its kind and the user that it is named by. */
export function visitorClass(visitor: Pick<Visitor, 'ip' | 'kind' | 'identity'>): VisitorClass {
  if (visitor.kind !== 'tailnet') return 'outside';
  const { user } = visitorNames(visitor);
  if (user.startsWith(TAG_PREFIX) || user === TAGGED_DEVICES) return 'server';
  return user === UNKNOWN ? 'unnamed' : 'person';
}

/** Names a visitor, by kind or address until its identity is known. */
export function visitorNames(visitor: Pick<Visitor, 'ip' | 'kind' | 'identity'>): {
  user: string;
  userName: string;
  device: string;
} {
  if (visitor.identity) return visitor.identity;
  if (visitor.kind === 'tailnet') {
    return { user: UNKNOWN, userName: UNKNOWN, device: visitor.ip };
  }
  const name = visitor.kind === 'loopback' ? 'loopback' : 'non-tailnet';
  return { user: name, userName: name, device: name };
}
