import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Fields = Record<string, unknown>;
/** How one ping is answered. */
export type PingAnswer =
  | 'silent'
  | { ms: number; region?: number; code?: string }
  | { err: string };

export type Step = {
  at: number;
  status?: Fields | 'as at 0';
  Health?: string[];
  self?: Fields | 'as at 0';
  peers?: Record<string, Fields | null> | 'as at 0';
  pings?: Record<string, PingAnswer | PingAnswer[]>;
  whois?: Record<string, number>;
  derpmap?: Fields;
  visits?: { from: string; hits: number; status: number }[];
  socket?: 'gone' | 'back';
  clock?: string;
  restart?: Record<string, string>;
};
/** tailscaled's answers over time; `e2e/fixtures/tailnet-cases/README.md` describes the format. */
export type Scenario = { settings?: Record<string, string>; steps: Step[] };

const FOLDER = 'e2e/fixtures/tailnet-cases';
const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
/** When pings are further apart than this, the connection has fallen asleep again. */
const ASLEEP_AFTER_MS = 6_500;

const readJson = <T>(name: string): T =>
  JSON.parse(readFileSync(join(process.cwd(), FOLDER, `${name}.json`), 'utf8'));

export const readScenario = (name: string): Scenario => readJson<Scenario>(name);

/** Returns the seconds of a duration such as `-3600s` or `200d`. */
export function seconds(text: string): number {
  const found = /^([+-]?\d+)([smhd])$/.exec(text);
  if (!found) throw new Error(`${text} is no duration`);
  return Number(found[1]) * SECONDS[found[2] as keyof typeof SECONDS];
}

/** The current tailnet of a scenario, as its tailscaled reports it. */
export class ScenarioTailnet {
  private readonly base = readJson<{ status: Fields; self: Fields; peer: Fields }>('base');
  private status: Fields = {};
  private self: Fields = {};
  private peers = new Map<string, Fields>();
  private first: { status: Fields; self: Fields; peers: Map<string, Fields> } | null = null;
  private pings = new Map<string, PingAnswer | PingAnswer[]>();
  private whois = new Map<string, number>();
  private readonly pinged = new Map<string, { index: number; at: number }>();
  derpMap: Fields | null = null;

  /** `wall` is the machine's clock, `elapsed` cannot be set; milliseconds. */
  constructor(
    private readonly wall: () => number,
    private readonly elapsed: () => number,
  ) {}

  apply(step: Step): void {
    const { status, self, peers, Health } = step;
    const first = this.first;
    if (status === 'as at 0') this.status = { ...first?.status };
    else if (status) this.status = { ...this.status, ...this.timed(status) };
    if (Health) this.status = { ...this.status, Health };
    if (self === 'as at 0') this.self = { ...first?.self };
    else if (self) this.self = { ...this.self, ...this.timed(self) };
    if (peers === 'as at 0') this.peers = new Map(first?.peers);
    else for (const [id, fields] of Object.entries(peers ?? {})) this.changePeer(id, fields);
    if (step.pings && Object.keys(step.pings).length === 0) this.pings.clear();
    for (const [address, answer] of Object.entries(step.pings ?? {})) {
      this.pings.set(address, answer);
      this.pinged.delete(address);
    }
    for (const [address, code] of Object.entries(step.whois ?? {})) this.whois.set(address, code);
    if (step.derpmap) this.derpMap = step.derpmap;
    this.first ??= {
      status: { ...this.status },
      self: { ...this.self },
      peers: new Map(this.peers),
    };
  }

  /** Returns the body of `status`. */
  statusBody(): string {
    const self = { ...this.base.self, ...this.self };
    const status = { ...this.base.status, TailscaleIPs: self.TailscaleIPs, ...this.status };
    const sorted = [...this.peers.values()].sort((a, b) =>
      String(a.PublicKey).localeCompare(String(b.PublicKey)),
    );
    const peers = Object.fromEntries(sorted.map((peer) => [peer.PublicKey, peer]));
    return JSON.stringify({ ...status, Self: self, Peer: 'Peer' in status ? status.Peer : peers });
  }

  /** Returns the answer to whois of an address; a number is the status of a refusal. */
  whoisBody(address: string): string | number {
    const set = this.whois.get(address);
    if (set !== undefined) return set;
    const peer = this.peerAt(address);
    const { User } = { ...this.base.status, ...this.status } as { User: Record<string, Fields> };
    const profile = User?.[String(peer?.UserID)];
    if (!peer || !profile) return 404;
    const node = {
      StableID: peer.ID,
      Name: peer.DNSName,
      User: peer.UserID,
      Tags: peer.Tags,
      Hostinfo: { Hostname: peer.HostName },
      ComputedName: String(peer.DNSName).split('.')[0],
    };
    return JSON.stringify({ Node: node, UserProfile: profile, CapMap: null });
  }

  /** Returns the answer to a ping; `null`: it is never answered. */
  pingBody(ip: string): string | null {
    const answer = this.pingAnswer(ip);
    if (answer === 'silent') return null;
    const failed = 'err' in answer;
    return JSON.stringify({
      IP: ip,
      Err: failed ? answer.err : '',
      LatencySeconds: failed ? 0 : answer.ms / 1_000,
      Endpoint: failed || answer.region !== undefined ? '' : '203.0.113.9:41641',
      PeerRelay: '',
      DERPRegionID: failed ? 0 : (answer.region ?? 0),
      DERPRegionCode: failed ? '' : (answer.code ?? ''),
    });
  }

  private pingAnswer(ip: string): PingAnswer {
    const { BackendState } = { ...this.base.status, ...this.status } as { BackendState: string };
    const self = { ...this.base.self, ...this.self } as { TailscaleIPs: string[] | null };
    if (self.TailscaleIPs?.includes(ip)) return { err: `${ip} is local Tailscale IP` };
    if (BackendState !== 'Running' && BackendState !== 'Starting') {
      return { err: 'local tailscaled stopped' };
    }
    const peer = this.peerAt(ip);
    const set = this.pings.get(ip) ?? this.pings.get('*');
    if (this.peers.size === 0 || !peer) return { err: 'no matching peer' };
    if (set === undefined) return peer.Online ? { ms: 12 } : 'silent';
    return Array.isArray(set) ? this.nextPong(ip, set) : set;
  }

  private nextPong(ip: string, pongs: readonly PingAnswer[]): PingAnswer {
    const before = this.pinged.get(ip);
    const now = this.elapsed();
    const awake = before !== undefined && now - before.at < ASLEEP_AFTER_MS;
    const index = awake ? before.index + 1 : 0;
    this.pinged.set(ip, { index, at: now });
    return pongs[Math.min(index, pongs.length - 1)] ?? 'silent';
  }

  private peerAt(ip: string): Fields | undefined {
    return [...this.peers.values()].find((peer) => {
      const { TailscaleIPs } = peer as { TailscaleIPs: string[] | null };
      return TailscaleIPs?.includes(ip);
    });
  }

  private changePeer(id: string, fields: Fields | null): void {
    if (fields === null) {
      this.peers.delete(id);
      return;
    }
    const before = this.peers.get(id) ?? this.newPeer(id);
    const peer = { ...before, ...this.timed(fields) };
    const { TailscaleIPs, AllowedIPs } = peer as { TailscaleIPs: string[]; AllowedIPs?: string[] };
    const own = TailscaleIPs.map((ip) => `${ip}/${ip.includes(':') ? 128 : 32}`);
    this.peers.set(id, { ...peer, AllowedIPs: AllowedIPs ?? own });
  }

  private newPeer(id: string): Fields {
    const digest = createHash('sha256').update(id).digest('hex');
    const NodeID = Number.parseInt(digest.slice(0, 8), 16);
    return { ...this.base.peer, ID: id, NodeID, PublicKey: `nodekey:${digest}`, TailscaleIPs: [] };
  }

  /** Converts fields such as `now+3d` into times. */
  private timed(fields: Fields): Fields {
    const at = (value: unknown) => {
      const relative = typeof value === 'string' && /^now([+-]\d+[smhd])?$/.exec(value);
      if (!relative) return value;
      const offset = relative[1] === undefined ? 0 : seconds(relative[1]);
      return new Date(this.wall() + offset * 1_000).toISOString();
    };
    return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, at(value)]));
  }
}
