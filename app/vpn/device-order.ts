import type { DeviceResponse } from '@/lib/api/schemas';
import type { HealthResponse } from '@/lib/api/service-schemas';
import { isForgotten } from '@/lib/domain/watched';
import { DAY } from '@/lib/util/time';

const SOON = 7 * DAY;

/**
 * Why a device needs attention. Healthy and idle devices, and people's own devices that are switched off, need none.
 */
export type Attention = 'firing' | 'expired' | 'offline' | 'relayed' | 'expiring' | 'none';
const RANK: Record<Attention, number> = {
  firing: 0,
  expired: 1,
  offline: 2,
  relayed: 3,
  expiring: 4,
  none: 5,
};

const NONE: ReadonlySet<string> = new Set();

/**
 * Returns what is most wrong with a device at `now` (epoch milliseconds). Critical ones are meant to be always on, and
 * so are tagged ones, which are taken for servers. `firing`: the ids of those with a critical alert.
 */
export function attention(device: DeviceResponse, now: number, firing = NONE): Attention {
  if (firing.has(device.id)) return 'firing';
  if (keyHasExpired(device, now)) return 'expired';
  const isServer = device.tags.length > 0 || device.critical;
  if (!device.online && isServer) return 'offline';
  if (device.path === 'relay' || device.path === 'peer_relay') return 'relayed';
  if (keyEndsSoon(device, now)) return 'expiring';
  return 'none';
}

/** Whether a valid key expires within seven days of `now`, and the device is still expected. */
export function keyEndsSoon(device: DeviceResponse, now: number): boolean {
  const { expired, key_expiry: expiry } = device;
  if (expired || expiry === null || !isExpected(device, now)) return false;
  return Date.parse(expiry) - now < SOON;
}

/** Whether the key of a device that is still expected has expired. */
export const keyHasExpired = (device: DeviceResponse, now: number): boolean =>
  device.expired && isExpected(device, now);

/** Whether a device has been seen lately: nobody renews the key of one that has been away for long. */
function isExpected({ online, last_seen: lastSeen }: DeviceResponse, now: number): boolean {
  const isOnline = online ?? true;
  return !isForgotten({ online: isOnline, lastSeen: null, created: null }, at(lastSeen), now);
}

const at = (time: string | null) => (time === null ? null : Date.parse(time));

/** Returns the ids of devices with a critical alert that is neither muted nor acknowledged. */
export const firingDevices = ({ alerts }: HealthResponse): ReadonlySet<string> =>
  new Set(
    alerts.loudest.flatMap(({ severity, node_id: id }) => (severity === 'critical' && id) || []),
  );

export const SORT_KEYS = [
  'name',
  'user',
  'class',
  'os',
  'path',
  'via',
  'rx',
  'tx',
  'seen',
  'expiry',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];
/** `null`: worst first. */
export type Sort = { key: SortKey; descending: boolean } | null;

const value: Record<SortKey, (device: DeviceResponse) => string | number> = {
  name: (device) => device.hostname.toLowerCase(),
  user: (device) => (device.user?.login ?? '').toLowerCase(),
  class: (device) => device.classification,
  os: (device) => device.os.toLowerCase(),
  path: (device) => device.path,
  via: (device) => device.endpoint ?? device.relay_region ?? '',
  rx: (device) => device.rx_bytes,
  tx: (device) => device.tx_bytes,
  seen: (device) => (device.online ? Number.MAX_SAFE_INTEGER : instant(device.last_seen, 0)),
  expiry: (device) => instant(device.key_expiry, Number.MAX_SAFE_INTEGER),
};

/**
 * Returns a sorted copy: by `sort`, else worst first; then by name and id, so that the order never flickers between two
 * answers.
 */
export function sortDevices(
  devices: readonly DeviceResponse[],
  sort: Sort,
  now: number,
  firing?: ReadonlySet<string>,
): DeviceResponse[] {
  const keyed = devices.map((device) => {
    const { main, soon } = sort
      ? { main: value[sort.key](device), soon: 0 }
      : badness(device, now, firing);
    return { device, main, soon, name: value.name(device) };
  });
  const sign = sort?.descending ? -1 : 1;
  keyed.sort(
    (a, b) =>
      sign * compare(a.main, b.main) ||
      compare(a.soon, b.soon) ||
      compare(a.name, b.name) ||
      compare(a.device.id, b.device.id),
  );
  return keyed.map(({ device }) => device);
}

/** Returns what orders devices worst first; of keys about to expire, the first one is the worst. */
function badness(device: DeviceResponse, now: number, firing?: ReadonlySet<string>) {
  const why = attention(device, now, firing);
  return {
    main: RANK[why] * 2 + (device.online ? 0 : 1),
    soon: why === 'expiring' ? value.expiry(device) : 0,
  };
}

/**
 * Keeps the devices that contain every word of `text` in a name, address, user, tag or system, and pass the class and
 * online filters.
 */
export function filterDevices(
  devices: readonly DeviceResponse[],
  filters: { text: string; classification: string; online: string },
): DeviceResponse[] {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  return devices.filter((device) => {
    if (filters.classification && device.classification !== filters.classification) return false;
    if (filters.online && device.online !== (filters.online === 'online')) return false;
    if (words.length === 0) return true;
    const all = [
      device.hostname,
      device.dns_name,
      device.user?.login,
      device.user?.name,
      device.os,
      device.path,
      device.relay_region,
      ...device.addresses,
      ...device.tags,
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

function instant(time: string | null, absent: number): number {
  return time === null ? absent : Date.parse(time);
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
