import type { Device } from '../domain/device';
import { findDevice, type Lookup } from '../domain/device-query';
import { Ambiguous, NotFound } from '../domain/errors';
import type { Services } from '../services';
import { lastStatus } from './last-status';

/** A device by any of its names; of one that has left the tailnet only the history is known. */
export type KnownDevice = {
  id: string;
  name: string;
  /** `null`: it has left. */
  device: Device | null;
  /** When it left; epoch milliseconds. */
  leftAt: number | null;
};

/**
 * Finds a device by its id, machine name, full DNS name, address or OS hostname. Throws `Ambiguous` with the candidates
 * when several match, and `NotFound` with the most similar names when none does.
 */
export function deviceCalled(services: Services, query: string): Device {
  const { devices } = lastStatus(services).status;
  return foundIn(findDevice(devices, query), query);
}

/** Finds a device as `deviceCalled` does, or one that has left, by its id or last name. */
export function knownDevice(services: Services, query: string): KnownDevice {
  const { devices } = lastStatus(services).status;
  const match = findDevice(devices, query);
  if (match.kind === 'none') {
    const former = formerCalled(services, query);
    if (former) return former;
  }
  const device = foundIn(match, query);
  return { id: device.id, name: device.name, device, leftAt: null };
}

function formerCalled({ tailnet }: Services, query: string): KnownDevice | null {
  const former = Object.entries(tailnet.former());
  const name = query.toLowerCase().replace(/\.$/, '');
  const [found] = former
    .filter(([id, one]) => id === query || one.name.toLowerCase() === name)
    .sort(([a, one], [b, other]) =>
      a === query ? -1 : b === query ? 1 : other.leftAt - one.leftAt,
    );
  return found ? { id: found[0], ...found[1], device: null } : null;
}

function foundIn(found: Lookup<Device>, query: string): Device {
  if (found.kind === 'found') return found.device;
  const asked = JSON.stringify(query);
  if (found.kind === 'ambiguous') {
    const candidates = found.candidates.map(({ id, name, dnsName }) => ({ id, name, dnsName }));
    const names = candidates.map(({ id, name }) => `${name} (${id})`).join(', ');
    throw new Ambiguous(`Several devices are called ${asked}: ${names}; give one’s id`, candidates);
  }
  const hint = found.near.length > 0 ? `; did you mean ${found.near.join(', ')}?` : '';
  throw new NotFound(`No device is called ${asked}${hint}`);
}
