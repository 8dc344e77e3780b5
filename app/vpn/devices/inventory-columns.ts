import type { DeviceResponse } from '@/lib/api/schemas';
import type { MessageKey } from '@/lib/i18n/messages';

/** The columns to choose from, beside the name. */
export const COLUMNS = [
  'owner',
  'tags',
  'os',
  'os_version',
  'distro',
  'arch',
  'container',
  'version',
  'addresses',
  'routes',
  'exit',
  'services',
  'region',
  'nat',
  'key',
  'expiry',
  'created',
  'first_seen',
  'seen',
] as const;
export type Column = (typeof COLUMNS)[number];
export const SORTS = ['name', ...COLUMNS] as const;

export const USUAL_COLUMNS: readonly Column[] = [
  'owner',
  'os',
  'version',
  'routes',
  'expiry',
  'seen',
];

export const HEADINGS: Record<(typeof SORTS)[number], MessageKey> = {
  name: 'inventory.name',
  owner: 'inventory.owner',
  tags: 'inventory.tags',
  os: 'inventory.os',
  os_version: 'inventory.osVersion',
  distro: 'inventory.distro',
  arch: 'inventory.arch',
  container: 'inventory.container',
  version: 'inventory.version',
  addresses: 'inventory.addresses',
  routes: 'inventory.routes',
  exit: 'inventory.exit',
  services: 'inventory.services',
  region: 'inventory.region',
  nat: 'inventory.nat',
  key: 'inventory.key',
  expiry: 'inventory.expiry',
  created: 'inventory.created',
  first_seen: 'inventory.firstSeen',
  seen: 'inventory.seen',
};

type Flag = 'yes' | 'no';
const flag = (value: boolean | null | undefined): Flag | null =>
  value === null || value === undefined ? null : value ? 'yes' : 'no';

/** Returns the subnets that a device offers and that nobody has approved; `null` when that is not known. */
export function unapprovedRoutes({ inventory, subnet_routes }: DeviceResponse): string[] | null {
  return inventory?.routes_offered?.filter((route) => !subnet_routes.includes(route)) ?? null;
}

/** Returns whether a device is an exit node. */
export function exitState(device: DeviceResponse): 'in_use' | 'approved' | 'offered' | 'no' {
  if (device.exit_node_in_use) return 'in_use';
  if (device.exit_node) return 'approved';
  return device.inventory?.exit_node_offered ? 'offered' : 'no';
}

/** Returns what a column has of a device, for machines, sorting and search; `null` when it is not known. */
export function cellValue(column: (typeof SORTS)[number], device: DeviceResponse): string | null {
  const { inventory } = device;
  switch (column) {
    case 'name':
      return device.hostname;
    case 'owner':
      // A tagged device belongs to its tags.
      return device.tags.join(' ') || (device.user?.login ?? null);
    case 'tags':
      return device.tags.join(' ');
    case 'os':
      return device.os || null;
    case 'os_version':
      return inventory?.os_version ?? null;
    case 'distro':
      return inventory?.distro
        ? [inventory.distro, inventory.distro_version ?? ''].join(' ').trim()
        : null;
    case 'arch':
      return inventory?.arch ?? null;
    case 'container':
      return flag(inventory?.container);
    case 'version':
      return inventory?.version ?? null;
    case 'addresses':
      return device.addresses.join(' ');
    case 'routes':
      return [...device.subnet_routes, ...(unapprovedRoutes(device) ?? [])].join(' ');
    case 'exit':
      return exitState(device);
    case 'services':
      return inventory?.services?.join(', ') ?? null;
    case 'region':
      return inventory?.home_region ?? device.relay_region;
    case 'nat':
      return inventory?.nat ?? null;
    case 'key':
      return inventory?.key ?? null;
    case 'expiry':
      return device.key_expiry;
    case 'created':
      return device.created;
    case 'first_seen':
      return inventory?.first_seen ?? null;
    case 'seen':
      return device.online ? 'online' : device.last_seen;
  }
}

/** What flags and kinds of NAT are called. */
export const FLAGS = { yes: 'inventory.yes', no: 'inventory.no' } as const;
export const NATS = {
  easy: 'inventory.nat_easy',
  hard: 'inventory.nat_hard',
  no_udp: 'inventory.nat_no_udp',
} as const;
