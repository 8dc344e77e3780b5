import { isIP } from 'node:net';
import type { Device } from '../domain/device';

/**
 * Returns whether a Host header names this service. Prevents DNS rebinding: a page of another site can point its own
 * name at this service's address, but the browser then sends that name. A numeric address cannot be redirected.
 */
export function isOurHost(
  host: string | undefined,
  self: Pick<Device, 'dnsName' | 'hostname'> | undefined,
  allowed: readonly string[],
): boolean {
  const name = hostName(host ?? '');
  if (name === null) return false;
  if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true;
  const dnsName = self?.dnsName.toLowerCase();
  const ours = [dnsName, dnsName?.split('.')[0], self?.hostname.toLowerCase(), ...allowed];
  return ours.includes(name);
}

/** Returns `name` of `name:port`, `[v6]:port` and the like, in lower case; `null` for anything else. */
function hostName(host: string): string | null {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::\d{1,5})?$/i.exec(host);
  return (parts?.[1] ?? parts?.[2])?.toLowerCase().replace(/\.$/, '') ?? null;
}
