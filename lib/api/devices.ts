import type { Device } from '../domain/device';
import { findDevice, type Lookup } from '../domain/device-query';
import { Ambiguous, NotFound } from '../domain/errors';
import { nearestNames } from '../domain/nearest-names';
import { say } from '../domain/said';
import type { Services } from '../services';
import { DAY } from '../util/time';
import { lastStatus } from './last-status';

/** A device by any of its names; of one that has left the tailnet only the history is known. */
export type KnownDevice = {
  id: string;
  /** The last one, of a device that has left. */
  name: string;
  /** `null`: it has left. */
  device: Device | null;
  /** When it left; epoch milliseconds, `null` when that is not known. */
  leftAt: number | null;
};

/** As long as events and rounds may be kept. */
const HISTORY_MS = 730 * DAY;
const MOST_SIMILAR = 3;

/**
 * Finds a device by its id, machine name, full DNS name, address or OS hostname. Throws `Ambiguous` with the candidates
 * when several match, and `NotFound` with the most similar names when none does.
 */
export function deviceCalled(services: Services, query: string): Device {
  const match = findDevice(lastStatus(services).status.devices, query);
  const former = match.kind === 'none' ? formerCalled(services, query) : null;
  if (former)
    throw new NotFound(say('problems.left', { device: former.name, day: dayOf(former.leftAt) }));
  return foundIn(match, query);
}

/**
 * Finds a device as `deviceCalled` does, or one that has left, by its id or last name; `NotFound` is thrown only when
 * nothing is stored of it either.
 */
export async function knownDevice(services: Services, query: string): Promise<KnownDevice> {
  const match = findDevice(lastStatus(services).status.devices, query);
  if (match.kind === 'none') {
    const former = formerCalled(services, query) ?? (await inHistory(services, query));
    if (former) return { ...former, device: null };
  }
  const device = foundIn(match, query);
  return { id: device.id, name: device.name, device, leftAt: null };
}

/** Returns the devices, those that have left included, whose names are the most like `query`. */
export function similarDevices(services: Services, query: string): { id: string; name: string }[] {
  const present = lastStatus(services).status.devices.map(({ id, name }) => ({ id, name }));
  const former = Object.entries(services.tailnet.former()).map(([id, { name }]) => ({ id, name }));
  const devices = [...present, ...former];
  const names = devices.map(({ name }) => name).filter(Boolean);
  return nearestNames(query, names, MOST_SIMILAR).flatMap(
    (near) => devices.find(({ name }) => name === near) ?? [],
  );
}

function formerCalled({ tailnet }: Services, query: string) {
  const former = Object.entries(tailnet.former());
  const name = query.trim().toLowerCase().replace(/\.$/, '');
  const isMeant = (id: string, one: string) =>
    id.toLowerCase() === name || one.toLowerCase() === name;
  const [found] = former
    .filter(([id, one]) => isMeant(id, one.name))
    .sort(([a, one], [b, other]) =>
      a === query ? -1 : b === query ? 1 : other.leftAt - one.leftAt,
    );
  return found ? { id: found[0], ...found[1] } : null;
}

/**
 * Returns what events, rounds and paths have of a device with this id; it may have left before any of it was watched.
 */
async function inHistory({ histories }: Services, id: string) {
  const to = Date.now();
  const range = { from: to - HISTORY_MS, to };
  const { events } = await histories.events.events(range, { nodeId: id }, 1, null);
  const [event] = events;
  if (event) {
    const leftAt = event.kind === 'node_removed' ? event.time : null;
    return { id, name: event.hostname ?? id, leftAt };
  }
  const [round] = await histories.connections.recentRounds(id, 1);
  if (round) return { id, name: round.hostname, leftAt: null };
  const [path] = await histories.paths.pathSpans([id], range);
  return path ? { id, name: id, leftAt: null } : null;
}

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

function foundIn(found: Lookup<Device>, query: string): Device {
  if (found.kind === 'found') return found.device;
  const asked = JSON.stringify(query);
  if (found.kind === 'ambiguous') {
    const candidates = found.candidates.map(({ id, name, dnsName }) => ({ id, name, dnsName }));
    const names = candidates.map(({ id, name }) => `${name} (${id})`).join(', ');
    throw new Ambiguous(say('problems.several', { name: asked, names }), candidates);
  }
  const near = found.near.join(', ');
  throw new NotFound(
    near === ''
      ? say('problems.noDevice', { name: asked })
      : say('problems.noDeviceBut', { name: asked, near }),
  );
}
