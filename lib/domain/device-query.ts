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
  const asked = query.trim();
  const [device] = devices.filter(({ id }) => id === asked);
  if (device) return { kind: 'found', device };
  for (const candidates of readings(devices, asked)) {
    const [first, ...others] = candidates;
    if (first && others.length === 0) return { kind: 'found', device: first };
    if (first) return { kind: 'ambiguous', candidates };
  }
  const names = devices.flatMap(({ name, hostname }) => [name, hostname]);
  return { kind: 'none', near: nearestNames(asked, names.filter(Boolean), 3) };
}

/** Yields the devices that each way of reading a query finds, the most certain way first. */
function* readings<D extends Identified>(devices: readonly D[], query: string): Generator<D[]> {
  const asked = query.toLowerCase();
  const address = plainAddress(asked);
  const fullName = asked.replace(/\.$/, '');
  yield devices.filter(({ addresses }) => addresses.includes(address));
  if (fullName.includes('.')) {
    yield devices.filter(({ dnsName }) => dnsName.toLowerCase() === fullName);
  }
  for (const owner of OURS_FIRST) {
    const theirs = devices.filter(({ classification }) => classification === owner);
    yield theirs.filter(({ name }) => name.toLowerCase() === fullName);
    yield theirs.filter(({ hostname }) => hostname.toLowerCase() === asked);
  }
  yield devices.filter(({ id }) => id.toLowerCase() === asked);
}

/** Returns an IPv6 address in its shortest form, as tailscaled writes it, and anything else unchanged. */
function plainAddress(text: string): string {
  const url = `http://[${text.replace(/^\[|\]$/g, '')}]`;
  return text.includes(':') && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : text;
}
