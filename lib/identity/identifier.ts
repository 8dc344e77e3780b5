import { stat } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { type BlockList, isIP } from 'node:net';
import { addressKind } from '../domain/address';
import {
  type AccessPolicy,
  type Caller,
  type CallingDevice,
  replicaRoleOf,
} from '../domain/caller';
import type { TailnetStatus } from '../domain/device';
import { AppError, TooMany } from '../domain/errors';
import { type Said, say } from '../domain/said';
import type { Whois } from '../domain/whois';
import { logger } from '../log/log';
import { type Tailscale, TailscaleError } from '../tailscale/tailscale';
import { ConnectionWhois } from './connection-whois';
import { decodeHeader } from './header-encoding';
import { personIn, type ReplicaToken } from './replica';
import { ServeProof } from './serve-proof';
import { type SocketEnd, socketOwner } from './socket-owner';
import type { Tokens } from './tokens';
import { WhoisCache } from './whois-cache';

const log = logger('identity');

/** Where a request says it comes from. The socket's ends come from the kernel; anyone can forge the headers. */
export type RequestOrigin = {
  peer: SocketEnd;
  ours: SocketEnd;
  headers: IncomingHttpHeaders;
  /** The same object for every request on one connection. */
  connection: object;
  /** Adds a header to the answer. */
  answerWith?: (name: string, value: string) => void;
};

/** Headers that say a proxy is between this service and the client. */
const FORWARDING = [
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-server'],
  ...['forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip', 'via'],
  ...['tailscale-user-login', 'tailscale-user-name', 'tailscale-user-profile-pic'],
  'tailscale-funnel-request',
];
/**
 * Where a tailscaled without a TUN device forwards connections to; never to another address of loopback (`acceptTCP` in
 * https://github.com/tailscale/tailscale/blob/main/wgengine/netstack/netstack.go).
 */
const FORWARDED_TO = ['127.0.0.1', '::1'];
const MOST_WARNED = 500;
const ON_BEHALF_OF = 'observatory-on-behalf-of';

type Settings = {
  auth: 'local' | 'strict' | 'off';
  trustedProxies: BlockList;
  policy: AccessPolicy;
  /** The token that replicas of this collector send; `null`: it has none. */
  replicaToken: ReplicaToken | null;
};

/** Identifies callers. No header is trusted on its own: an address it names is looked up with whois. */
export class Identifier {
  private readonly whoisCache: WhoisCache;
  private readonly connectionWhois: ConnectionWhois;
  private readonly serveProof: ServeProof;
  /** Whether a connection's other end belongs to the user that tailscaled runs as. */
  private readonly fromTailscaled = new WeakMap<object, boolean>();
  private readonly warned = new Set<string>();

  constructor(
    private readonly settings: Settings,
    private readonly tailscale: Pick<Tailscale, 'whois' | 'source' | 'location'>,
    private readonly status: () => TailnetStatus | null,
    private readonly tokens: Pick<Tokens, 'check'>,
    now: () => number = Date.now,
  ) {
    this.whoisCache = new WhoisCache(tailscale, now);
    this.connectionWhois = new ConnectionWhois(tailscale);
    this.serveProof = new ServeProof(now);
  }

  /**
   * Returns the caller. Throws `AppError` (`unauthenticated`) on an unknown token and for a client that claims to be a
   * replica without proof, `TooMany` after many unknown tokens, and `TailscaleError` when whois is needed and
   * unavailable.
   */
  async identify(origin: RequestOrigin): Promise<Caller> {
    const caller = await this.callerAt(origin);
    const said = origin.headers[ON_BEHALF_OF];
    return said === undefined ? caller : this.asReplica(caller, String(said));
  }

  private asReplica(caller: Caller, said: string): Caller {
    const person = personIn(said);
    if (caller.kind === 'replica') return { ...caller, person };
    const role = caller.kind === 'node' ? replicaRoleOf(caller.node, this.settings.policy) : null;
    if (caller.kind !== 'node' || role === null) {
      throw new AppError('unauthenticated', say('refusals.noReplica'));
    }
    return { kind: 'replica', name: caller.node.device, role, person };
  }

  private async callerAt(origin: RequestOrigin): Promise<Caller> {
    const { headers } = origin;
    const address = plainAddress(origin.peer.address);
    if (headers.authorization !== undefined) return this.byToken(headers.authorization, address);
    if (this.settings.auth === 'off') return { kind: 'operator' };
    const loopback = addressKind(address) === 'loopback';
    const passedOn = loopback ? await this.byPassedOn(origin) : null;
    if (passedOn) return passedOn;
    const forwarded = FORWARDING.some((name) => headers[name] !== undefined);
    if (loopback && forwarded && (await this.isServe(origin))) {
      this.giveProof(origin);
      return this.byServe(headers);
    }
    this.warnOfIdentityHeaders(headers, address);
    if (this.trusts(address)) {
      if (headers['x-forwarded-for'] !== undefined) return this.byProxy(headers, address);
      if (!loopback) return anonymous(address, say('refusals.proxySilent'));
    }
    if (!loopback) return this.byAddress(address, 'socket');
    if (forwarded) return anonymous(address, say('refusals.untrustedProxy'));
    if (this.settings.auth === 'local') return { kind: 'operator' };
    return anonymous(address, say('refusals.strict'));
  }

  private byToken(authorization: string, address: string): Caller {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
    if (this.settings.replicaToken?.matches(token)) {
      return { kind: 'replica', name: 'replica', role: 'admin', person: null };
    }
    const verdict = this.tokens.check(token, address);
    if (verdict.kind === 'known') return { ...verdict, kind: 'token' };
    if (verdict.kind === 'blocked') {
      throw new TooMany(say('refusals.manyTokens'), verdict.retryAfterSeconds);
    }
    log.warn('a token was refused', { address });
    throw new AppError('unauthenticated', say('refusals.unknownToken'));
  }

  /**
   * Returns whether the other end is `tailscale serve`: it names exactly one client, and its socket belongs to the user
   * that tailscaled runs as. Where the kernel does not say (not Linux), the name in the headers must match whois, which
   * `byServe` checks in any case.
   */
  private async isServe({ connection, peer, ours, headers }: RequestOrigin): Promise<boolean> {
    if (clientOfServe(headers) === null) return false;
    const remembered = this.fromTailscaled.get(connection);
    const fromTailscaled = remembered ?? (await this.isFromTailscaled(peer, ours));
    if (fromTailscaled === undefined) {
      return this.settings.auth === 'local' && headers['tailscale-user-login'] !== undefined;
    }
    // Serve uses a connection again, and its owner stays what it was.
    this.fromTailscaled.set(connection, fromTailscaled);
    return fromTailscaled;
  }

  /** `undefined`: the kernel does not say. */
  private async isFromTailscaled(peer: SocketEnd, ours: SocketEnd): Promise<boolean | undefined> {
    const owner = socketOwner(peer, ours);
    return owner === undefined ? undefined : owner === (await this.tailscaledUser());
  }

  private async tailscaledUser(): Promise<number> {
    const { source, location } = this.tailscale;
    if (source !== 'localapi') return 0;
    return stat(location).then(
      ({ uid }) => uid,
      () => 0,
    );
  }

  /**
   * Identifies the sender of a connection that tailscaled forwarded. Without a TUN device, tailscaled forwards what
   * others send to this device to loopback, where it would look like the operator, or like Serve. tailscaled knows
   * those connections; `null` for all others.
   */
  private async byPassedOn({
    connection,
    peer,
    ours,
    headers,
  }: RequestOrigin): Promise<Caller | null> {
    if (this.status()?.tun !== false) return null;
    if (!FORWARDED_TO.includes(plainAddress(ours.address))) return null;
    const client = clientOfServe(headers);
    if (client !== null && this.serveProof.isIn(headers.cookie, client)) return null;
    const address = plainAddress(peer.address);
    try {
      const whois = await this.connectionWhois.whois(connection, address, peer.port);
      if (!whois) return null;
      const node = this.callingDevice(whois);
      const [tailnetAddress = address] = this.deviceOf(whois)?.addresses ?? [];
      return { kind: 'node', node, address: tailnetAddress, via: 'socket' };
    } catch (error) {
      // A tailscaled that is not running forwards nothing.
      if (error instanceof TailscaleError && error.reason === 'unreachable') return null;
      throw error;
    }
  }

  /** Saves a browser behind Serve the question whether its next connections are passed on. */
  private giveProof({ headers, answerWith }: RequestOrigin): void {
    const client = clientOfServe(headers);
    if (client === null || this.status()?.tun !== false) return;
    if (this.serveProof.isIn(headers.cookie, client)) return;
    answerWith?.('Set-Cookie', this.serveProof.cookieFor(client));
  }

  /**
   * Identifies the client of Serve, which sets the address itself and strips incoming headers
   * (https://tailscale.com/kb/1312/serve#identity-headers).
   */
  private async byServe(headers: IncomingHttpHeaders): Promise<Caller> {
    const address = plainAddress(String(headers['x-forwarded-for']));
    if (headers['tailscale-funnel-request'] !== undefined) {
      return anonymous(address, say('refusals.funnel'));
    }
    const caller = await this.byAddress(address, 'serve');
    const login = headers['tailscale-user-login']?.toString();
    if (login === undefined || caller.kind !== 'node' || caller.node.tags.length > 0) return caller;
    if (decodeHeader(login).toLowerCase() === caller.node.login.toLowerCase()) return caller;
    this.warnOnce(address, 'the identity headers of a request name a user other than its address');
    return anonymous(address, say('refusals.otherUser'));
  }

  /**
   * Identifies the client as the trusted proxies saw it: from the right, the first address that is not a trusted
   * proxy's.
   */
  private byProxy(headers: IncomingHttpHeaders, peer: string): Promise<Caller> | Caller {
    if (this.status()?.tun === false && addressKind(peer) === 'loopback') {
      const warning =
        'a proxy on loopback is trusted, and tailscaled has no TUN device: callers that can reach that proxy’s port through the tailnet can name any address (docs/SECURITY.md)';
      this.warnOnce(peer, warning);
    }
    const chain = String(headers['x-forwarded-for']).split(',');
    for (const hop of chain.reverse()) {
      const address = plainAddress(hop.trim());
      if (isIP(address) === 0) {
        return anonymous(peer, say('refusals.proxyNoAddress'));
      }
      if (!this.trusts(address)) return this.byAddress(address, 'proxy');
    }
    return anonymous(peer, say('refusals.onlyProxies'));
  }

  private async byAddress(address: string, via: 'serve' | 'proxy' | 'socket'): Promise<Caller> {
    if (addressKind(address) !== 'tailnet') {
      return anonymous(address, say('refusals.notTailnet', { address }));
    }
    const whois = await this.whoisCache.whois(address);
    if (!whois) return anonymous(address, say('refusals.noDevice', { address }));
    return { kind: 'node', node: this.callingDevice(whois), address, via };
  }

  private callingDevice(whois: Whois): CallingDevice {
    const { nodeId, device, user, tags } = whois;
    // A device that is not in the tailnet's list is external.
    const classification = this.deviceOf(whois)?.classification ?? 'external';
    return { nodeId, device, login: user.login, name: user.name, tags, classification };
  }

  private deviceOf({ nodeId }: Whois) {
    return this.status()?.devices.find(({ id }) => id === nodeId);
  }

  private trusts(address: string): boolean {
    const family = isIP(address);
    return (
      family !== 0 && this.settings.trustedProxies.check(address, family === 6 ? 'ipv6' : 'ipv4')
    );
  }

  private warnOfIdentityHeaders(headers: IncomingHttpHeaders, address: string): void {
    if (headers['tailscale-user-login'] === undefined) return;
    this.warnOnce(address, 'identity headers that do not come from Tailscale Serve were ignored');
  }

  private warnOnce(address: string, message: string): void {
    const key = `${address} ${message}`;
    if (this.warned.has(key) || this.warned.size >= MOST_WARNED) return;
    this.warned.add(key);
    log.warn(message, { address });
  }
}

const anonymous = (address: string, reason: Said): Caller => ({
  kind: 'anonymous',
  address,
  reason,
});

/** Returns the client that Serve names, exactly one; `null` when the headers are not those of Serve. */
function clientOfServe(headers: IncomingHttpHeaders): string | null {
  const client = headers['x-forwarded-for']?.toString() ?? '';
  return isIP(client) === 0 ? null : client;
}

/** Returns the IPv4 address when a socket gives one in IPv6 form. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');
