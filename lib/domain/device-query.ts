import type { Classification, Device } from './device';
import { nearestNames } from './nearest-names';

/** What a device can be looked up by. */
export type Identified = Pick<
  Device,
  'id' | 'name' | 'hostname' | 'dnsName' | 'addresses' | 'classification'
>;

/** `found` has one device; `ambiguous` has those that match a name equally well; `none` has the most similar names. */
export type Lookup<D> =
  | { kind: 'found'; device: D }
  | { kind: 'ambiguous'; candidates: D[] }
  | { kind: 'none'; near: string[] };

const OURS_FIRST: readonly Classification[] = ['own', 'shared', 'external'];

/**
 * Finds the device meant by an id, an address, a full DNS name (with or without its final dot), a machine name or an OS
 * host name, ignoring case. Since a device chooses its host name, that comes last and an id first; of devices with the
 * same name our own are preferred to those shared with us, and these to those that ours are shared with.
 */
export function findDevice<D extends Identified>(devices: readonly D[], query: string): Lookup<D> {
  const match = matchDevice(devices, query);
  if (match) return match;
  const names = devices.flatMap(({ name, hostname }) => [name, hostname]);
  return { kind: 'none', near: nearestNames(query.trim(), names.filter(Boolean), 3) };
}

/** Does what `findDevice` does, without the similar names: `null` when there is no such device. */
export function matchDevice<D extends Identified>(
  devices: readonly D[],
  query: string,
): Exclude<Lookup<D>, { kind: 'none' }> | null {
  const certaintyOf = certaintyFor(query.trim());
  let best = NO_MATCH;
  let candidates: D[] = [];
  for (const device of devices) {
    const certainty = certaintyOf(device);
    if (certainty > best || certainty === NO_MATCH) continue;
    if (certainty < best) candidates = [];
    best = certainty;
    candidates.push(device);
  }
  const [first, ...others] = candidates;
  if (!first) return null;
  // An id names one device.
  if (others.length === 0 || best === 0) return { kind: 'found', device: first };
  return { kind: 'ambiguous', candidates };
}

const NO_MATCH = Number.POSITIVE_INFINITY;

/** Returns how a query may match a device: the lower, the more certain it is that it is meant. */
function certaintyFor(asked: string): (device: Identified) => number {
  const lower = asked.toLowerCase();
  const address = plainAddress(lower);
  const fullName = lower.replace(/\.$/, '');
  const isFull = fullName.includes('.');
  const isAddress = /[.:]/.test(address);
  const isFullName = caseless(fullName);
  const isAsked = caseless(lower);
  return ({ id, name, hostname, dnsName, addresses, classification }) => {
    if (id === asked) return 0;
    if (isAddress && addresses.includes(address)) return 1;
    if (isFull && isFullName(dnsName)) return 2;
    const owner = () => 3 + 2 * OURS_FIRST.indexOf(classification);
    if (isFullName(name)) return owner();
    if (isAsked(hostname)) return owner() + 1;
    return isAsked(id) ? 3 + 2 * OURS_FIRST.length : NO_MATCH;
  };
}

/**
 * Returns whether a text is `lower`, in any case. Most differ in length: every filter by a device looks through all
 * of a tailnet. Only `İ` is longer in lower case, by a combining dot.
 */
function caseless(lower: string): (text: string) => boolean {
  const hasLength = !lower.includes('\u0307');
  return (text) => (!hasLength || text.length === lower.length) && text.toLowerCase() === lower;
}

/** Returns an IPv6 address in its shortest form, as tailscaled writes it, and anything else unchanged. */
function plainAddress(text: string): string {
  const url = `http://[${text.replace(/^\[|\]$/g, '')}]`;
  return text.includes(':') && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : text;
}
