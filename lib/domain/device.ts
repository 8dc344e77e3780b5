/** How traffic to a node travels. `idle`: no traffic lately, so no path is known; it is not a relay. */
export const PATHS = ['direct', 'peer_relay', 'relay', 'idle', 'offline'] as const;
export type Path = (typeof PATHS)[number];

/** `own`: in our tailnet. `shared`: someone else's node we can reach. `external`: someone else's device that can reach ours. */
export const CLASSIFICATIONS = ['own', 'shared', 'external'] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

export type Owner = { id: string; login: string; name: string };

/** One node of the tailnet as ours sees it. Times are epoch milliseconds, sizes bytes. Ids are strings: they can pass 2^53. */
export type Device = {
  id: string;
  hostname: string;
  /** Without the trailing dot. */
  dnsName: string;
  addresses: string[];
  /** `null` when tailscaled does not say. Tagged nodes have the user `tagged-devices`. */
  user: Owner | null;
  tags: string[];
  os: string;
  classification: Classification;
  self: boolean;
  online: boolean;
  lastSeen: number | null;
  lastHandshake: number | null;
  path: Path;
  /** DERP region code: the relay in use when `path` is `relay`, else the node's home region. */
  relayRegion: string | null;
  /** `ip:port` in use: the peer's own when direct, the peer relay's when relayed by a peer. */
  endpoint: string | null;
  /** Cumulative as tailscaled gives them; they may go back to zero. */
  rxBytes: number;
  txBytes: number;
  /** `null`: never expires. */
  keyExpiry: number | null;
  expired: boolean;
  /** Offers itself as an exit node, or is the one in use. */
  exitNode: boolean;
  subnetRoutes: string[];
};

export type Tailnet = { name: string; magicDnsSuffix: string };

/** The tailnet at one moment: `devices` has our own node too (`self`), and no Mullvad exit nodes. */
export type TailnetStatus = {
  tailnet: Tailnet;
  devices: Device[];
  /** tailscaled's own health messages, as it words them. */
  health: string[];
  /** tailscaled's version. */
  version: string;
  /** `Running`, `NeedsLogin`, `Stopped`, … as tailscaled says. */
  backendState: string;
  /**
   * False: without a TUN device tailscaled passes every connection to the node's addresses on to the same port of loopback.
   * https://tailscale.com/kb/1112/userspace-networking
   */
  tun: boolean;
};

export type DeviceCounts = {
  total: number;
  online: number;
  own: number;
  shared: number;
  external: number;
};

/** Counts for the summary line; `online` counts every class. */
export function countDevices(devices: readonly Device[]): DeviceCounts {
  const counts = { total: devices.length, online: 0, own: 0, shared: 0, external: 0 };
  for (const device of devices) {
    if (device.online) counts.online++;
    counts[device.classification]++;
  }
  return counts;
}
