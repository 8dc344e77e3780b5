import type { KnownFacts } from './inventory';

/** How traffic to a device travels. `idle`: no recent traffic, so no path is known; it does not mean a relay. */
export const PATHS = ['direct', 'peer_relay', 'relay', 'idle', 'offline'] as const;
export type Path = (typeof PATHS)[number];

/**
 * `own`: in our tailnet. `shared`: someone else's device we can reach. `external`: someone else's device that can reach
 * ours.
 */
export const CLASSIFICATIONS = ['own', 'shared', 'external'] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

export type Owner = { id: string; login: string; name: string };

/**
 * One device as tailscaled reports it. Its state is judged from this and from pings (`judgement.ts`). Times are epoch
 * milliseconds, sizes bytes. Ids are strings: they can exceed 2^53.
 */
export type Device = {
  /** Stays the same as long as the device is in the tailnet; everything else may change. */
  id: string;
  /** The machine name: the first label of the DNS name. It is the name shown; it may change and need not be unique. */
  name: string;
  /** The operating system's host name; `''` when it does not report one. */
  hostname: string;
  /** Without the trailing dot; `''` when it has none. */
  dnsName: string;
  addresses: string[];
  /** `null` when tailscaled does not say. Tagged devices have the user `tagged-devices`, or none. */
  user: Owner | null;
  tags: string[];
  os: string;
  classification: Classification;
  self: boolean;
  /** Whether it is connected to the coordination server, which does not mean that it answers. */
  online: boolean;
  /** When it joined the tailnet; `null` when tailscaled does not say. */
  created: number | null;
  lastSeen: number | null;
  lastHandshake: number | null;
  path: Path;
  /** DERP region code: the relay in use when `path` is `relay`, else the device's home region. */
  relayRegion: string | null;
  /** `ip:port` in use: the peer's own when direct, the peer relay's when relayed by a peer. */
  endpoint: string | null;
  /** Cumulative as reported by tailscaled; may reset to zero. */
  rxBytes: number;
  txBytes: number;
  /** `null`: never expires. */
  keyExpiry: number | null;
  expired: boolean;
  /** Offers itself as an exit node, or is the one in use. */
  exitNode: boolean;
  /** Our own internet traffic goes through it. */
  exitNodeInUse: boolean;
  subnetRoutes: string[];
  /** What the inventory knows of it, where it has been added. */
  inventory?: KnownFacts | undefined;
};

export type Tailnet = { name: string; magicDnsSuffix: string };

/** The exit node that our own internet traffic goes through; it may be missing from `devices` (Mullvad's). */
export type ExitNode = { id: string; name: string; online: boolean };

/** The tailnet at one moment: `devices` includes our own (`self`), but no Mullvad exit nodes. */
export type TailnetStatus = {
  tailnet: Tailnet;
  devices: Device[];
  /** `null`: none is in use. */
  exitNode: ExitNode | null;
  /** tailscaled's own health messages, verbatim. */
  health: string[];
  /** tailscaled's version. */
  version: string;
  /** `Running`, `NeedsLogin`, `Stopped`, … as tailscaled reports it. */
  backendState: string;
  /**
   * False: without a TUN device tailscaled passes every connection to the device's addresses on to the same port of
   * loopback. https://tailscale.com/kb/1112/userspace-networking
   */
  tun: boolean;
  /**
   * Tells one run of tailscaled from another, since counters begin anew with each; missing or `null` where that is not
   * known.
   */
  run?: string | null;
};

export type DeviceCounts = {
  total: number;
  online: number;
  own: number;
  shared: number;
  external: number;
};
