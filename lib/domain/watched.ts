import { t } from '../i18n/t';
import { DAY, HOUR } from '../util/time';
import type { Device } from './device';
import { findDevice } from './device-query';
import { fitting } from './name-pattern';
import { nearestNames } from './nearest-names';

/** An entry of `CRITICAL_NODES` that matches no device, and the most similar names. */
export type Unmatched = { entry: string; near: string[] };

/** Systems of devices that are carried about or switched off at night. */
const PERSONAL_OS = new Set(['ios', 'android', 'macos', 'windows', 'tvos']);
/** A device not seen for longer than this is no longer expected. */
const FORGOTTEN_AFTER = 30 * DAY;
/** The longest a CI job may take (GitHub's limit). */
const JOB_LASTS = 6 * HOUR;

/**
 * Chooses the critical devices: those that `CRITICAL_NODES` names, or every own device that is not a phone or a laptop.
 */
export function criticalDevices(
  devices: readonly Device[],
  entries: readonly string[],
): { critical: Device[]; unmatched: Unmatched[] } {
  const pingable = devices.filter(({ self, addresses }) => !self && addresses.length > 0);
  if (entries.length === 0) {
    const critical = pingable.filter(
      ({ classification, os }) => classification === 'own' && !PERSONAL_OS.has(os.toLowerCase()),
    );
    return { critical, unmatched: [] };
  }
  const chosen = new Set<Device>();
  const unmatched: Unmatched[] = [];
  for (const entry of entries) {
    const matching = matchesOf(devices, entry);
    for (const device of matching) chosen.add(device);
    // Our own device is always online: naming it is superfluous, not wrong.
    const isOfUse = matching.some((device) => device.self || device.addresses.length > 0);
    if (!isOfUse) unmatched.push({ entry, near: nearTo(entry, pingable) });
  }
  return { critical: pingable.filter((device) => chosen.has(device)), unmatched };
}

/** Returns the devices an entry matches: a name or an id of any kind, `tag:name`, or a pattern with `*`. */
function matchesOf(devices: readonly Device[], entry: string): Device[] {
  const asked = entry.toLowerCase().replace(/\.$/, '');
  const isTag = asked.startsWith('tag:');
  if (isTag || asked.includes('*')) {
    const fits = fitting(asked);
    const labels = ({ tags, name, dnsName, hostname }: Device) =>
      isTag ? tags : [name, dnsName, hostname];
    const fitted = devices.filter((device) =>
      labels(device).some((label) => fits(label.toLowerCase())),
    );
    return nearestOwners(fitted);
  }
  const match = findDevice(devices, entry);
  if (match.kind === 'found') return [match.device];
  return match.kind === 'ambiguous' ? match.candidates : [];
}

/** Returns our own of these devices; if there are none, those shared with us. */
function nearestOwners(devices: readonly Device[]): Device[] {
  const owned = (by: Device['classification']) =>
    devices.filter(({ classification }) => classification === by);
  const own = owned('own');
  return own.length > 0 ? own : owned('shared');
}

function nearTo(entry: string, devices: readonly Device[]): string[] {
  if (entry.toLowerCase().startsWith('tag:')) {
    return nearestNames(
      entry,
      devices.flatMap(({ tags }) => tags),
      3,
    );
  }
  return nearestNames(
    entry,
    devices.flatMap(({ name, hostname }) => [name, hostname]),
    3,
  );
}

/** Says that an entry matches nothing, and which names may be meant. */
export function unmatchedWords({ entry, near }: Unmatched): string {
  if (near.length === 0) return t('healthProblems.unmatched', { entry });
  const names = near.reduce((some, other) => t('healthProblems.or', { some, other }));
  return t('healthProblems.unmatchedNear', { entry, near: names });
}

/** Returns whether it has been away for so long that it is no longer expected. */
export function isForgotten(
  device: Pick<Device, 'online' | 'lastSeen' | 'created'>,
  lastSeen: number | null,
  now: number,
): boolean {
  if (device.online) return false;
  const seen = lastSeen ?? device.lastSeen ?? device.created;
  return seen !== null && now - seen > FORGOTTEN_AFTER;
}

/**
 * Returns the devices that come and go by design, as CI runners do: tagged ones that went away within hours of joining.
 * tailscaled does not say which devices are ephemeral.
 */
export function ephemeralDevices(
  devices: readonly Device[],
  goneSince: (device: Device) => number | null,
  now: number,
): Set<string> {
  const isEphemeral = (device: Device) => {
    const { classification, tags, created } = device;
    if (classification !== 'own' || tags.length === 0 || created === null) return false;
    return (goneSince(device) ?? now) - created < JOB_LASTS;
  };
  return new Set(devices.filter(isEphemeral).map(({ id }) => id));
}
