/** The kind of an address. Tailscale assigns addresses from 100.64.0.0/10 and fd7a:115c:a1e0::/48. */
export type AddressKind = 'tailnet' | 'loopback' | 'other';

/** Classifies an IPv4 or IPv6 address in its usual text form (as nginx and tailscaled print it). */
export function addressKind(ip: string): AddressKind {
  const address = ip.startsWith('::ffff:') ? ip.slice(7) : ip;
  if (address.startsWith('100.')) {
    const second = Number.parseInt(address.slice(4), 10);
    return second >= 64 && second <= 127 ? 'tailnet' : 'other';
  }
  if (/^fd7a:115c:a1e0:/i.test(address)) return 'tailnet';
  if (address.startsWith('127.') || address === '::1') return 'loopback';
  return 'other';
}
