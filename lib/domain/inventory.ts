import type { Device } from './device';
import type { EventKind, TailnetEvent } from './event';
import { olderFirst } from './versions';

/** What is known of a device, whose changes are kept. */
export const INVENTORY_FIELDS = [
  'name',
  'owner',
  'tags',
  'os',
  'os_version',
  'distro',
  'distro_version',
  'arch',
  'container',
  'version',
  'key',
  'routes_offered',
  'routes_approved',
  'exit_node_offered',
  'exit_node',
  'services',
  'home_region',
  'nat',
] as const;
export type InventoryField = (typeof INVENTORY_FIELDS)[number];

/**
 * What is known of a device, in words: lists are separated by commas, flags are `yes` or `no`. A missing field is not
 * known; an empty one is known to be none.
 */
export type Facts = Readonly<Partial<Record<InventoryField, string>>>;

/** What the network map says of each device, by its id. */
export type MapFacts = ReadonlyMap<string, Facts>;

/** How the network lets a device be reached: behind a NAT that keeps its port, one that does not, or no UDP at all. */
export const NAT_KINDS = ['easy', 'hard', 'no_udp'] as const;
export type NatKind = (typeof NAT_KINDS)[number];

/** What an inventory has of a device; `firstSeen` in epoch milliseconds. */
export type KnownFacts = { firstSeen: number; facts: Facts };

/** A change of one field of a device, from one known value to another. */
export type InventoryChange = {
  /** Epoch milliseconds. */
  time: number;
  nodeId: string;
  hostname: string;
  field: InventoryField;
  before: string;
  after: string;
};

/** Returns a list in words. */
export const listed = (values: readonly string[]): string =>
  values.map((value) => value.replaceAll(',', ' ')).join(', ');

/** Returns the entries of a list in words; `null` when it is not known. */
export function entriesOf(words: string | undefined): string[] | null {
  if (words === undefined) return null;
  return words === '' ? [] : words.split(', ');
}

/** Returns a flag in words. */
export const yesOrNo = (flag: boolean) => (flag ? 'yes' : 'no');

/** Returns a flag from words; `null` when it is not known. */
export const flagOf = (words: string | undefined) => (words === undefined ? null : words === 'yes');

/**
 * Returns what is known of a device now: by the status, by the network map, and from before, since what is withheld
 * for a while has not changed.
 */
export function factsOf(device: Device, fromMap: Facts = {}, before: Facts = {}): Facts {
  const { name, tags, user, os, subnetRoutes, exitNode, relayRegion } = device;
  const owner = tags.length > 0 ? '' : user?.login;
  return {
    ...before,
    ...fromMap,
    name,
    ...(owner === undefined ? {} : { owner }),
    tags: listed(tags),
    ...(os === '' ? {} : { os }),
    routes_approved: listed([...subnetRoutes].sort()),
    exit_node: yesOrNo(exitNode),
    ...(relayRegion === null ? {} : { home_region: relayRegion }),
  };
}

/** Returns what has changed of a device. What has become known is no change. */
export function changesOf(
  device: Pick<Device, 'id' | 'name'>,
  before: Facts,
  after: Facts,
  time: number,
): InventoryChange[] {
  return INVENTORY_FIELDS.flatMap((field) => {
    const [was, is] = [before[field], after[field]];
    if (was === undefined || is === undefined || was === is) return [];
    return [{ time, nodeId: device.id, hostname: device.name, field, before: was, after: is }];
  });
}

/** The fields whose changes are events; names, home regions and routes in use have events of their own. */
const EVENTS: Partial<Record<InventoryField, EventKind>> = {
  version: 'version_changed',
  owner: 'owner_changed',
  tags: 'tags_changed',
  routes_offered: 'routes_offered',
  key: 'key_renewed',
};

/** Returns the changes of a device that are events. A device that is tagged, or no longer, changes its tags alone. */
export function eventsOf(changes: readonly InventoryChange[]): TailnetEvent[] {
  return changes.flatMap(({ field, ...change }) => {
    const kind = EVENTS[field];
    const isByTags = field === 'owner' && (change.before === '' || change.after === '');
    if (kind === undefined || isByTags) return [];
    return [{ ...change, kind, before: change.before || null, after: change.after || null }];
  });
}

/** Returns the newest version among these, and how many devices run each, newest first. */
export function versionSpread(versions: readonly (string | null)[]): {
  newest: string | null;
  spread: { version: string; devices: number }[];
  unknown: number;
} {
  const counts = new Map<string, number>();
  for (const version of versions) {
    if (version !== null) counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  const spread = [...counts]
    .map(([version, devices]) => ({ version, devices }))
    .sort((a, b) => olderFirst(b.version, a.version));
  const unknown = versions.filter((version) => version === null).length;
  return { newest: spread[0]?.version ?? null, spread, unknown };
}
