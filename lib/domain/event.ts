export const EVENT_KINDS = [
  'node_online',
  'node_offline',
  'path_changed',
  'node_added',
  'node_removed',
  'node_renamed',
  'control_lost',
  'control_back',
  'key_expiring',
  'key_expired',
  'home_region_changed',
  'route_moved',
  'route_lost',
  'route_back',
  'route_added',
  'routes_offered',
  'version_changed',
  'owner_changed',
  'tags_changed',
  'key_renewed',
  'own_device',
  'tailscaled_health',
  'tailscaled_lost',
  'tailscaled_back',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Something that changed in the tailnet. `before` and `after` are the old and new value, in the field's own words. */
export type TailnetEvent = {
  /** Epoch milliseconds. */
  time: number;
  kind: EventKind;
  /** `null` when it concerns the whole tailnet. */
  nodeId: string | null;
  hostname: string | null;
  before: string | null;
  after: string | null;
};
export type StoredEvent = TailnetEvent & { id: number };
