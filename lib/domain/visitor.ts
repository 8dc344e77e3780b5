import type { Visitor } from './access';

/** Names a visitor, by kind or address until its identity is known. */
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
