import { type FakeTailscaled, fakeTailscaled } from '../e2e/fakes/tailscaled';
import { DAY } from '../lib/util/time';
import { VISITORS } from './people';
import { randomNumbers } from './random';

const SUFFIX = 'bench.ts.net';
const SYSTEMS = ['linux', 'macOS', 'windows', 'iOS', 'android'];
const REGIONS = ['fra', 'ams', 'nyc', 'sin'];
const NEVER = '0001-01-01T00:00:00Z';

/** Starts a tailscaled on a socket of its own with `peers` peers; the visitors of the traffic are the first of them. */
export async function startTailnet(peers: number): Promise<FakeTailscaled> {
  const tailnet = await fakeTailscaled({ status: statusOf(peers) });
  // Answered without searching the status, so that the fake takes no CPU time during a measurement.
  VISITORS.forEach(({ ip, hostname }, i) => {
    tailnet.setWhois(ip, {
      Node: {
        ID: i + 2,
        StableID: `n${i + 2}`,
        Name: `${hostname}.${SUFFIX}.`,
        Hostinfo: { Hostname: hostname },
        ComputedName: hostname,
      },
      UserProfile: userOf(i),
    });
  });
  return tailnet;
}

/** Returns the profile of the owner of peer `i`. */
function userOf(i: number) {
  const { login, name } = VISITORS[i % VISITORS.length] ?? { login: '', name: '' };
  const first = VISITORS.findIndex((visitor) => visitor.login === login);
  return { ID: 1_000 + first, LoginName: login, DisplayName: name, ProfilePicURL: '' };
}

/** Returns a peer as `tailscale status --json` prints it, with every field (about 1 kB). */
function peerOf(i: number, random: () => number) {
  const host = VISITORS[i]?.hostname ?? `node-${String(i).padStart(4, '0')}`;
  const ip = VISITORS[i]?.ip ?? `100.${65 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
  const hex = (length: number) =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const ip6 = `fd7a:115c:a1e0::${hex(4)}:${hex(4)}`;
  const online = random() < 0.8;
  const active = online && random() < 0.3;
  const direct = active && random() < 0.8;
  const ago = (most: number) => new Date(Date.now() - random() * most).toISOString();
  return {
    ID: `n${i + 2}CNTRL`,
    PublicKey: `nodekey:${hex(64)}`,
    HostName: host,
    DNSName: `${host}.${SUFFIX}.`,
    OS: SYSTEMS[i % SYSTEMS.length],
    UserID: userOf(i).ID,
    TailscaleIPs: [ip, ip6],
    AllowedIPs: [`${ip}/32`, `${ip6}/128`],
    Tags: i % 9 === 8 ? ['tag:server', 'tag:prod'] : undefined,
    Addrs: null,
    CurAddr: direct ? `203.0.113.${i % 250}:41641` : '',
    Relay: REGIONS[i % REGIONS.length],
    PeerRelay: '',
    RxBytes: active ? Math.floor(random() * 1e9) : 0,
    TxBytes: active ? Math.floor(random() * 1e9) : 0,
    Created: ago(700 * DAY),
    LastWrite: NEVER,
    LastSeen: online ? NEVER : ago(40 * DAY),
    LastHandshake: NEVER,
    Online: online,
    ExitNode: false,
    ExitNodeOption: i % 50 === 7,
    Active: active,
    PeerAPIURL: [`http://${ip}:58436`, `http://[${ip6}]:59780`],
    TaildropTarget: 0,
    NoFileSharingReason: '',
    CapMap: { 'https://tailscale.com/cap/is-owner': null },
    KeyExpiry: i % 3 === 0 ? undefined : new Date(Date.now() + (20 + random() * 160) * DAY),
    InNetworkMap: true,
    InMagicSock: true,
    InEngine: active,
    sshHostKeys: [`ssh-ed25519 ${hex(68)}`],
  };
}

function statusOf(count: number) {
  const random = randomNumbers(5_000);
  const peers = Array.from({ length: count }, (_, i) => peerOf(i, random));
  const self = { ...peerOf(count, random), HostName: 'observatory', ID: 'n1CNTRL', Online: true };
  return {
    Version: '1.102.5',
    TUN: true,
    BackendState: 'Running',
    TailscaleIPs: self.TailscaleIPs,
    Self: { ...self, DNSName: `observatory.${SUFFIX}.` },
    Health: [],
    MagicDNSSuffix: SUFFIX,
    CurrentTailnet: { Name: 'bench.example', MagicDNSSuffix: SUFFIX, MagicDNSEnabled: true },
    Peer: Object.fromEntries(peers.map((peer) => [peer.PublicKey, peer])),
    User: Object.fromEntries(VISITORS.map((_, i) => [userOf(i).ID, userOf(i)])),
  };
}
