import type { Visitor } from './access';

/** What a visitor is called while nobody knows better: hits are shown as what they are. */
export function visitorNames(visitor: Pick<Visitor, 'ip' | 'kind' | 'identity'>): {
  user: string;
  userName: string;
  device: string;
} {
  if (visitor.identity) return visitor.identity;
  if (visitor.kind === 'tailnet') {
    return { user: 'unknown', userName: 'unknown', device: visitor.ip };
  }
  const name = visitor.kind === 'loopback' ? 'loopback' : 'non-tailnet';
  return { user: name, userName: name, device: name };
}
