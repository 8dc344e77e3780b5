import type { Classification, Device } from './device';
import { nearestNames } from './nearest-names';

/** What a device is looked up by. */
export type Identified = Pick<
  Device,
  'id' | 'name' | 'hostname' | 'dnsName' | 'addresses' | 'classification'
>;

/** `found` has one device; `ambiguous` those that a name fits equally well; `none` the names most like it. */
export type Lookup<D> =
  | { kind: 'found'; device: D }
  | { kind: 'ambiguous'; candidates: D[] }
  | { kind: 'none'; near: string[] };

const OURS_FIRST: readonly Classification[] = ['own', 'shared', 'external'];

/**
 * Finds the device that is meant by an id, an address, a full DNS name (with or without the dot at its end), a machine
 * name or an OS host name, whatever its case. Since a device chooses its host name, that comes last and an id first; of
 * devices with one name our own are preferred to those shared in, and these to those that ours are shared to.
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

/** The devices that each way of reading a query finds, the surest way first. */
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

/** An IPv6 address in its shortest form, as tailscaled writes it; anything else as it is. */
function plainAddress(text: string): string {
  const url = `http://[${text.replace(/^\[|\]$/g, '')}]`;
  return text.includes(':') && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : text;
}
