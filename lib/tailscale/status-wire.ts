import { isIP } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { addressKind } from '../domain/address';
import type {
  Classification,
  Device,
  ExitNode,
  Owner,
  Path,
  Tailnet,
  TailnetStatus,
} from '../domain/device';
import { parseExactJson, skipWarnings } from './exact-json';
import { counter, flag, id, printable, text, textList, time } from './wire-fields';

/** The fields of `ipnstate.PeerStatus` used here (tailscale.com/ipn/ipnstate, 1.102). */
const peerSchema = z.object({
  ID: id,
  HostName: text,
  DNSName: text,
  OS: text,
  UserID: id,
  TailscaleIPs: textList,
  AllowedIPs: textList,
  Tags: textList,
  PrimaryRoutes: textList,
  CurAddr: text,
  Relay: text,
  PeerRelay: text,
  RxBytes: counter,
  TxBytes: counter,
  Created: time,
  LastSeen: time,
  LastHandshake: time,
  Online: flag,
  ExitNode: flag,
  ExitNodeOption: flag,
  Active: flag,
  ShareeNode: flag,
  Expired: flag,
  KeyExpiry: time,
});
type WirePeer = z.infer<typeof peerSchema>;

const userSchema = z.object({ ID: id, LoginName: text, DisplayName: text });

/** `ipnstate.Status`: what LocalAPI's `status` and `tailscale status --json` answer. Peers are validated one by one. */
const statusSchema = z.object({
  Version: z.string().transform(printable),
  BackendState: z.string().transform(printable),
  TUN: z
    .boolean()
    .nullish()
    .transform((value) => value ?? true),
  Self: peerSchema.nullish(),
  Peer: z.record(z.string(), z.unknown()).nullish(),
  User: z.record(z.string(), userSchema).nullish(),
  Health: textList,
  MagicDNSSuffix: text,
  CurrentTailnet: z.object({ Name: text, MagicDNSSuffix: text }).nullish(),
  ExitNodeStatus: z.object({ ID: id, Online: flag }).nullish(),
});

/** Peers read before yielding to the event loop: about 5 ms. */
const BATCH = 250;

/**
 * Body → domain. `now` (epoch milliseconds) determines which keys have expired. Our own node comes first. Rejects with
 * `SyntaxError` or `ZodError`. Yields to other work between batches of peers. Measured on Node 20 with 5,000 peers (5.6
 * MB) on two cores: 80–120 ms in all, the longest block 30–55 ms (`JSON.parse` with exact ids), whereas a single pass
 * would block all that time.
 */
export async function statusFromBody(body: string, now: number): Promise<TailnetStatus> {
  const wire = statusSchema.parse(parseExactJson(skipWarnings(body)));
  const tailnet = {
    name: wire.CurrentTailnet?.Name ?? '',
    magicDnsSuffix: wire.CurrentTailnet?.MagicDNSSuffix || wire.MagicDNSSuffix,
  };
  const users = new Map<string, Owner>();
  for (const [key, user] of Object.entries(wire.User ?? {})) users.set(key, ownerFromWire(user));
  const devices: Device[] = [];
  let exitNode: ExitNode | null = null;
  const exitId = wire.ExitNodeStatus?.ID ?? '';
  const add = (peer: WirePeer, self: boolean) => {
    // Without an id it is not a node yet: our own before it has logged in.
    if (peer.ID === '' || isFunnelIngress(peer)) return;
    if (peer.ExitNode || peer.ID === exitId) {
      const online = peer.Online && wire.ExitNodeStatus?.Online !== false;
      exitNode = { id: peer.ID, name: nameOfPeer(peer), online };
    }
    if (isMullvad(peer)) return;
    const user = users.get(peer.UserID) ?? null;
    devices.push(deviceFromWire(peer, { self, tailnet, user, now }));
  };
  if (wire.Self) add(wire.Self, true);
  for (const [index, peer] of Object.values(wire.Peer ?? {}).entries()) {
    if (index % BATCH === 0) await setImmediate();
    const parsed = peerSchema.parse(peer);
    if (parsed.ID !== wire.Self?.ID) add(parsed, false);
  }
  // A node that has been removed from the tailnet may still be where our traffic is sent.
  if (exitNode === null && exitId !== '') exitNode = { id: exitId, name: exitId, online: false };
  return {
    tailnet,
    devices,
    exitNode,
    health: wire.Health,
    version: wire.Version,
    backendState: wire.BackendState,
    tun: wire.TUN,
  };
}

/** Reads a user profile, of status or of whois. A missing display name is replaced by the login. */
export function ownerFromWire(user: z.infer<typeof userSchema>): Owner {
  return { id: user.ID, login: user.LoginName, name: user.DisplayName || user.LoginName };
}

/**
 * Returns the machine name: the first label of the DNS name. A node without one gets its system's host name, unless
 * that says nothing (phones report `localhost`); then `fallback`.
 */
export function nameFromWire(dnsName: string, hostName: string, fallback: string): string {
  const label = dnsName.split('.')[0];
  if (label) return label;
  return hostName !== '' && hostName.toLowerCase() !== 'localhost' ? hostName : fallback;
}

const nameOfPeer = (peer: WirePeer) =>
  nameFromWire(peer.DNSName, peer.HostName, peer.TailscaleIPs[0] ?? peer.ID);

type Context = { self: boolean; tailnet: Tailnet; user: Owner | null; now: number };

function deviceFromWire(peer: WirePeer, { self, tailnet, user, now }: Context): Device {
  const addresses = peer.TailscaleIPs.filter((address) => isIP(address) !== 0);
  const path = pathOf(peer);
  return {
    id: peer.ID,
    name: nameFromWire(peer.DNSName, peer.HostName, addresses[0] ?? peer.ID),
    hostname: peer.HostName,
    dnsName: peer.DNSName.replace(/\.$/, ''),
    addresses,
    user,
    tags: peer.Tags,
    os: peer.OS,
    classification: self ? 'own' : classify(peer, tailnet),
    self,
    online: peer.Online,
    created: peer.Created,
    // A clock that is ahead somewhere: nothing was seen later than now.
    lastSeen: peer.LastSeen === null ? null : Math.min(peer.LastSeen, now),
    lastHandshake: peer.LastHandshake,
    path,
    relayRegion: peer.Relay || null,
    endpoint: endpointOf(peer, path),
    rxBytes: peer.RxBytes,
    txBytes: peer.TxBytes,
    keyExpiry: peer.KeyExpiry,
    expired: peer.Expired || (peer.KeyExpiry !== null && peer.KeyExpiry <= now),
    exitNode: peer.ExitNode || peer.ExitNodeOption,
    exitNodeInUse: peer.ExitNode,
    subnetRoutes: subnetRoutes(peer),
  };
}

/**
 * Returns whether it is one of Mullvad's exit nodes, which Tailscale lists as peers; they are a service, not devices of
 * the tailnet.
 */
function isMullvad(peer: WirePeer): boolean {
  return /\.mullvad\.ts\.net\.?$/i.test(peer.DNSName);
}

/**
 * Returns whether it is one of Funnel's servers, which `tailscale status` hides as well: they are in the network map so
 * that they may connect.
 */
function isFunnelIngress(peer: WirePeer): boolean {
  if (!peer.ShareeNode) return false;
  return peer.Tags.includes('tag:ingress') || peer.HostName === 'funnel-ingress-node';
}

function classify(peer: WirePeer, tailnet: Tailnet): Classification {
  if (peer.ShareeNode) return 'external';
  const name = `.${peer.DNSName}`.replace(/\.$/, '').toLowerCase();
  const suffix = tailnet.magicDnsSuffix.toLowerCase();
  // Without MagicDNS names have no suffix, so nothing tells one tailnet from another.
  if (suffix === '' || name.lastIndexOf('.') <= 0) return 'own';
  if (name.endsWith(`.${suffix}`)) return 'own';
  // headscale before 0.24 may put the user between name and base domain, which it reports as the tailnet's name; our
  // own user is in the suffix. https://github.com/juanfont/headscale/issues/2121
  const base = tailnet.name.toLowerCase();
  return suffix.endsWith(`.${base}`) && name.endsWith(`.${base}`) ? 'own' : 'shared';
}

/**
 * Returns the path of a peer. `Relay` is the peer's home region and proves nothing by itself: only traffic (`Active`)
 * with no address in use travels by it. Our own node has no path to itself, so it is `idle`.
 */
function pathOf(peer: WirePeer): Path {
  if (!peer.Online) return 'offline';
  if (peer.CurAddr !== '') return 'direct';
  if (peer.PeerRelay !== '') return 'peer_relay';
  return peer.Active && peer.Relay !== '' ? 'relay' : 'idle';
}

function endpointOf(peer: WirePeer, path: Path): string | null {
  if (path === 'direct') return peer.CurAddr;
  return path === 'peer_relay' ? withoutVni(peer.PeerRelay) : null;
}

/** Removes the VNI from a peer relay, written `ip:port:vni:N`; the first half is its address. */
export function withoutVni(peerRelay: string): string {
  return peerRelay.replace(/:vni:\d+$/, '');
}

/**
 * Returns whether a route is one of Tailscale's own addresses, as the hosts of a Tailscale Service have: that is no
 * subnet. Below fd7a:115c:a1e0:b1a:: are sites of 4via6, which are. https://tailscale.com/kb/1552/tailscale-services
 */
function isServiceAddress(route: string): boolean {
  const [address = '', bits] = route.split('/');
  if (bits !== '32' && bits !== '128') return false;
  return addressKind(address) === 'tailnet' && !/^fd7a:115c:a1e0:b1a:/i.test(address);
}

function subnetRoutes(peer: WirePeer): string[] {
  const own = new Set(peer.TailscaleIPs.flatMap((ip) => [`${ip}/32`, `${ip}/128`]));
  const routes = peer.PrimaryRoutes.length > 0 ? peer.PrimaryRoutes : peer.AllowedIPs;
  return routes.filter(
    (route) =>
      !own.has(route) && route !== '0.0.0.0/0' && route !== '::/0' && !isServiceAddress(route),
  );
}
