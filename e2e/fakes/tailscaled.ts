import { linkSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onWindows } from './systems';

/** A request as it came. */
type RecordedRequest = {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
};

/** What `tailscaled` answers instead of the usual, for a call (`status`, `whois`, …) or, as `*`, for all. */
export type Fault =
  | { kind: 'delay'; ms: number }
  /** Answers one after another, across all calls with this fault, after so long each. */
  | { kind: 'in turn'; ms: number }
  /** Accepts and never answers. */
  | { kind: 'hang' }
  /** Sends half of an answer, then resets the connection. */
  | { kind: 'cut' }
  | { kind: 'answer'; status: number; body: string };

/** JSON text goes out byte for byte, so ids past 2^53 survive; an object is stringified. */
export type Document = string | object;

export type FakeTailscaledOptions = {
  /** Where the socket is; by default in a new temporary directory. */
  socketPath?: string;
  /** The captured data; by default found from the repository's root as working directory. */
  fixtures?: string;
  /** A fixture's file name or a document; by default `status-direct.json`. */
  status?: Document;
  /** Answers anew at each call, in place of documents. */
  script?: TailscaledScript;
};

/** What a tailscaled says over time. */
type TailscaledScript = {
  status(): string;
  /** A number: it refuses with that status. */
  whois(address: string): string | number;
  /** `null`: it never answers. */
  ping(ip: string): string | null;
  derpMap(): string | null;
  /** The request to this path is left without an answer. */
  held(path: string): void;
};

export type FakeTailscaled = Awaited<ReturnType<typeof fakeTailscaled>>;

/** Ids past 2^53 travel as strings inside here, and as numbers on the wire. */
const LONG_ID = /("(?:UserID|NodeID|ID)":\s*)(\d{16,})/g;
const QUOTED_LONG_ID = /("(?:User|ID)":)"(\d{16,})"/g;

type Peer = {
  ID: string;
  HostName: string;
  DNSName: string;
  UserID: number | string;
  TailscaleIPs: string[] | null;
  Tags?: string[];
  CurAddr: string;
  Relay: string;
  Online: boolean;
};
type Status = {
  Self: Peer;
  Peer: Record<string, Peer> | null;
  User: Record<string, object> | null;
};

/**
 * A tailscaled that is none: real HTTP on a real unix socket, with captured answers, refusing `Origin`, `Referer` and
 * foreign hosts as the real one does. whois and ping follow from the status document unless they are set. Already
 * listening when it resolves.
 */
export async function fakeTailscaled(options: FakeTailscaledOptions = {}) {
  const fixtures = options.fixtures ?? join(process.cwd(), 'e2e/fixtures/tailscale');
  const folder = options.socketPath ? null : mkdtempSync(join(tmpdir(), 'fake-tailscaled-'));
  const socketPath = listenable(options.socketPath ?? join(folder ?? '', 'tailscaled.sock'));
  const fixture = (name: string) => readFileSync(join(fixtures, name), 'utf8');
  const textOf = (document: Document) => {
    if (typeof document !== 'string') return JSON.stringify(document);
    return document.endsWith('.json') ? fixture(document) : document;
  };

  let status = textOf(options.status ?? 'status-direct.json');
  let derpMap = fixture('derpmap.json');
  const whois = new Map<string, string>();
  const pings = new Map<string, string>();
  const faults = new Map<string, Fault>();
  const requests: RecordedRequest[] = [];

  const peerAt = (ip: string) => {
    const document: Status = JSON.parse(status.replace(LONG_ID, '$1"$2"'));
    const peers = [document.Self, ...Object.values(document.Peer ?? {})];
    const peer = peers.find((candidate) => candidate.TailscaleIPs?.includes(ip));
    return { peer, self: peer === document.Self, user: document.User?.[String(peer?.UserID)] };
  };

  const whoisAnswer = (address: string): Answer => {
    const scripted = options.script?.whois(address);
    if (typeof scripted === 'number') return { status: scripted, body: 'no match for IP:port\n' };
    if (scripted !== undefined) return { status: 200, body: scripted };
    const set = whois.get(address);
    if (set !== undefined) return { status: 200, body: set };
    const { peer, user } = peerAt(address);
    if (!peer) return { status: 404, body: 'no match for IP:port\n' };
    const node = {
      StableID: peer.ID,
      Name: peer.DNSName,
      User: peer.UserID,
      Tags: peer.Tags,
      Hostinfo: { Hostname: peer.HostName },
      ComputedName: peer.DNSName.split('.')[0],
    };
    const body = JSON.stringify({ Node: node, UserProfile: user, CapMap: null });
    return { status: 200, body: body.replace(QUOTED_LONG_ID, '$1$2') };
  };

  const pingAnswer = (ip: string): Answer | 'hang' => {
    const scripted = options.script?.ping(ip);
    if (scripted !== undefined) return scripted === null ? 'hang' : { status: 200, body: scripted };
    const set = pings.get(ip);
    if (set !== undefined) return { status: 200, body: set };
    const { peer, self } = peerAt(ip);
    if (peer && !self && !peer.Online) return 'hang';
    const direct = peer?.CurAddr !== undefined && peer.CurAddr !== '';
    const result = {
      IP: ip,
      Err: self ? `${ip} is local Tailscale IP` : peer ? '' : 'no matching peer',
      LatencySeconds: peer && !self ? 0.012345 : 0,
      Endpoint: direct ? peer.CurAddr : '',
      PeerRelay: '',
      DERPRegionID: direct || !peer ? 0 : 999,
      DERPRegionCode: direct || !peer ? '' : peer.Relay,
    };
    return { status: 200, body: JSON.stringify(result) };
  };

  const answerTo = (request: IncomingMessage, url: URL): Answer | 'hang' => {
    const { host, origin, referer } = request.headers;
    if (origin || referer || host !== 'local-tailscaled.sock') {
      return { status: 403, body: 'invalid localapi request\n' };
    }
    switch (url.pathname) {
      case '/localapi/v0/status':
        return { status: 200, body: options.script?.status() ?? status };
      case '/localapi/v0/derpmap':
        return { status: 200, body: options.script?.derpMap() ?? derpMap };
      case '/localapi/v0/whois':
        return whoisAnswer(url.searchParams.get('addr') ?? '');
      case '/localapi/v0/ping':
        if (request.method !== 'POST') return { status: 400, body: 'want POST\n' };
        return pingAnswer(url.searchParams.get('ip') ?? '');
      default:
        return { status: 404, body: '404 page not found\n' };
    }
  };

  let turn = Promise.resolve();
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/';
    requests.push({ method: request.method ?? '', url: path, headers: request.headers });
    const url = new URL(path, 'http://local-tailscaled.sock');
    const call = url.pathname.split('/').at(-1) ?? '';
    const fault = faults.get(call) ?? faults.get('*');
    if (fault?.kind === 'hang') return options.script?.held(path);
    const answer = fault?.kind === 'answer' ? fault : answerTo(request, url);
    if (answer === 'hang') return options.script?.held(path);
    if (fault?.kind === 'cut') return cut(response, answer);
    if (fault?.kind === 'delay') setTimeout(() => send(response, answer), fault.ms);
    else if (fault?.kind === 'in turn') {
      turn = turn.then(() => sleep(fault.ms)).then(() => send(response, answer));
    } else send(response, answer);
  };

  let server: Server | null = null;
  const start = async () => {
    if (server) return;
    rmSync(socketPath, { force: true });
    const starting = createServer(handle);
    await new Promise<void>((resolve, reject) => {
      starting.once('error', reject);
      starting.listen(socketPath, resolve);
    });
    server = starting;
  };
  /** `leaveSocket`: as after a kill -9, the socket's file stays and refuses connections. */
  const stop = async ({ leaveSocket = false } = {}) => {
    const stopping = server;
    if (!stopping) return;
    server = null;
    const kept = join(dirname(socketPath), 'kept.sock');
    // Node unlinks the socket it closes; a second name for it survives that.
    if (leaveSocket) linkSync(socketPath, kept);
    stopping.closeAllConnections();
    await new Promise((resolve) => stopping.close(resolve));
    if (leaveSocket) renameSync(kept, socketPath);
  };

  await start();
  return {
    socketPath,
    /** Every request since the start or the last `requests.length = 0`. */
    requests,
    setStatus(document: Document) {
      status = textOf(document);
    },
    setDerpMap(document: Document) {
      derpMap = textOf(document);
    },
    /** The answer to whois of one address; `null` takes it back. */
    setWhois(address: string, document: Document | null) {
      if (document === null) whois.delete(address);
      else whois.set(address, textOf(document));
    },
    /** The answer to each ping of one address; `null` takes it back. */
    setPing(ip: string, document: Document | null) {
      if (document === null) pings.delete(ip);
      else pings.set(ip, textOf(document));
    },
    /** Breaks a call (`status`, `whois`, `ping`, `derpmap`, or `*` for all); `null` repairs it. */
    setFault(call: string, fault: Fault | null) {
      if (fault === null) faults.delete(call);
      else faults.set(call, fault);
    },
    start,
    stop,
    /** Stops it and removes what it made. */
    async close() {
      await stop();
      rmSync(folder ?? socketPath, { recursive: true, force: true });
    },
  };
}

/** Returns a path that can be listened on: Windows has named pipes in place of unix sockets. */
function listenable(path: string): string {
  return onWindows ? `\\\\.\\pipe\\${path.replaceAll(/[\\/:]/g, '-')}` : path;
}

type Answer = { status: number; body: string };

function send(response: ServerResponse, { status, body }: Answer) {
  const type = status === 200 ? 'application/json' : 'text/plain; charset=utf-8';
  response.writeHead(status, { 'Content-Type': type, 'Tailscale-Cap': '142' }).end(body);
}

function cut(response: ServerResponse, { status, body }: Answer) {
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(body) });
  response.write(body.slice(0, body.length / 2), () => response.destroy());
}
