import type { Classification, Path } from '@/lib/domain/device';

/** What each path state means. */
export const PATH_MEANINGS: Record<Path, string> = {
  direct: 'Packets go straight between the two devices: the fastest path.',
  peer_relay: 'Packets go through another device of the tailnet that relays them.',
  relay: 'Packets go through a DERP relay server of Tailscale: encrypted, but slower.',
  idle: 'No recent traffic, so no path is in use. This is not a fault.',
  offline: 'The device is not connected to the tailnet.',
};

/** The name of each class of device, by its owner. */
export const CLASS_WORDS: Record<Classification, string> = {
  own: 'Own',
  shared: 'Shared',
  external: 'External',
};

/** What each class of device means. */
export const CLASS_MEANINGS: Record<Classification, string> = {
  own: 'A device in this tailnet.',
  shared: 'A device of another tailnet, shared into this one.',
  external: 'A device outside this tailnet that can reach a device here.',
};

export const P50_MEANING = 'Half of the responses were at least this fast (the median).';

export const P95_MEANING =
  '95 of 100 responses were at least this fast; the slowest 5 took longer.';

export const PATH_CHANGE_MEANING =
  'How often the path changed in 24 hours, for example from direct to relay. Many changes (flapping) point to an unstable network.';
