import type { Severity } from './alert';
import type { Device } from './device';
import { type Hours, isWithin } from './hours';
import { fitting } from './name-pattern';
import type { Notice } from './notice';
import type { TimeZone } from './time-zone';

/** Names that are meant, and names that are not; with `*` for any text, in lower case. */
export type Names = { some: readonly string[]; none: readonly string[] };

/** Which alerts go to a channel: those for which all of these hold. `null`: whatever it is. */
export type AlertRoute = {
  severities: readonly Severity[] | null;
  devices: Names | null;
  tags: Names | null;
  /** Logins of the devices' owners. */
  owners: Names | null;
  /** When it happens, by the owner's clock. */
  hours: Hours | null;
};

/** When channels are silent, and for what they are not. */
export type QuietHours = { hours: Hours; except: readonly Severity[] };

/** Returns whether a route is for what a notice says. `device`: `null` where the tailnet does not know it. */
export function isRouted(
  route: AlertRoute,
  { alert, at }: Notice,
  device: Device | null,
  zone: TimeZone,
): boolean {
  const { severities, devices, tags, owners, hours } = route;
  if (severities !== null && !severities.includes(alert.severity)) return false;
  if (hours !== null && !isWithin(hours, at, zone)) return false;
  if (devices !== null && !areMeant(devices, namesOf(alert, device))) return false;
  // Of a device that is not known, nothing is ruled out: rather a message too many.
  if (alert.nodeId !== null && device === null) return true;
  const login = device?.tags.length ? undefined : device?.user?.login;
  return (
    (tags === null || areMeant(tags, device?.tags ?? [])) &&
    (owners === null || areMeant(owners, login === undefined ? [] : [login]))
  );
}

function namesOf({ nodeId, hostname }: Notice['alert'], device: Device | null): string[] {
  const names = [nodeId, hostname, device?.name, device?.hostname, device?.dnsName];
  return [...names, ...(device?.addresses ?? [])].flatMap((name) => name || []);
}

function areMeant({ some, none }: Names, names: readonly string[]): boolean {
  const fits = (pattern: string) => {
    const matches = fitting(pattern);
    return names.some((name) => matches(name.toLowerCase()));
  };
  return (some.length === 0 || some.some(fits)) && !none.some(fits);
}

/** Returns whether a notice has to wait at a time, since it is quiet then. */
export function isQuiet(
  quiet: readonly QuietHours[],
  { alert }: Notice,
  time: number,
  zone: TimeZone,
): boolean {
  return quiet.some(
    ({ hours, except }) => !except.includes(alert.severity) && isWithin(hours, time, zone),
  );
}
