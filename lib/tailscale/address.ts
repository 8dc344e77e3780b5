import { isIP } from 'node:net';
import { say } from '../domain/said';
import { TailscaleError } from './tailscale';

/**
 * Returns the address in the form that tailscaled takes: an IPv4-mapped IPv6 address becomes IPv4. Throws `unsupported`
 * for anything that is not an address (or has a zone, which `isIP` accepts and could hold anything), so nothing else
 * ever reaches a URL or a command line.
 */
export function checkedAddress(address: string): string {
  const plain = /^::ffff:(?=\d+\.)/i.test(address) ? address.slice(7) : address;
  if (isIP(plain) === 0 || plain.includes('%')) {
    throw new TailscaleError(
      'unsupported',
      say('tailscaled.notAnAddress', { address: JSON.stringify(address.slice(0, 60)) }),
    );
  }
  return plain;
}

/** Returns `ip:port` as tailscaled reads it; the address alone without a port. */
export function withPort(ip: string, port: number | undefined): string {
  if (port === undefined) return ip;
  return isIP(ip) === 6 ? `[${ip}]:${port}` : `${ip}:${port}`;
}
