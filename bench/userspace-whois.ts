import http from 'node:http';
import { type AddressInfo, BlockList } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fakeTailscaled } from '../e2e/fakes/tailscaled';
import { Gate } from '../lib/identity/gate';
import { Identifier } from '../lib/identity/identifier';
import { Tokens } from '../lib/identity/tokens';
import { createGatedServer } from '../lib/runtime/gated-server';
import { localApi } from '../lib/tailscale/local-api';
import { median, ms, p95 } from './numbers';
import { printTable, verdict } from './table';

/** How long a tailscaled without a TUN device takes for a whois of a connection; it answers one at a time. */
const WHOIS_MS = 400;
const PAGES = 10;
/** As many as a browser opens to one host. */
const CONNECTIONS = 6;
const POLL_MS = 1_000;
const DURATION_MS = 60_000;
const TARGET_MS = 50;

const tailscaled = await fakeTailscaled();
tailscaled.setFault('whois', { kind: 'in turn', ms: WHOIS_MS });
tailscaled.setFault('status', { kind: 'in turn', ms: 0 });
const tailscale = localApi({ socketPath: tailscaled.socketPath });
const status = { ...(await tailscale.status()), tun: false };
const access = { policy: { admins: [], viewers: [] }, allowedHosts: [] };
const settings = {
  auth: 'local' as const,
  trustedProxies: new BlockList(),
  policy: access.policy,
  replicaToken: null,
};
const identifier = new Identifier(settings, tailscale, () => status, new Tokens('', []));
const gate = Promise.resolve(new Gate(access, identifier, () => status));
const server = createGatedServer((_, response) => response.end('{}'), {}, gate);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

const first: number[] = [];
const later: number[] = [];
const statuses: number[] = [];
const end = performance.now() + DURATION_MS;

/** Simulates one open page: repeats several simultaneous calls, over the connections that a browser keeps. */
async function page(): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  while (performance.now() < end) {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => call(agent)));
    await sleep(POLL_MS);
  }
  agent.destroy();
}

function call(agent: http.Agent): Promise<void> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/healthz', agent }, (response) => {
      response.resume().on('end', () => {
        (request.reusedSocket ? later : first).push(performance.now() - started);
        resolve();
      });
    });
    request.on('error', reject);
  });
}

async function watch(): Promise<void> {
  while (performance.now() < end) {
    const started = performance.now();
    await tailscale.status();
    statuses.push(performance.now() - started);
    await sleep(POLL_MS);
  }
}

await Promise.all([watch(), ...Array.from({ length: PAGES }, page)]);
const row = (name: string, times: number[], reach: string) => [
  ...[name, String(times.length), ms(median(times)), ms(p95(times)), ms(Math.max(...times)), reach],
];
printTable(
  `userspace-whois: ${PAGES} open pages beside a tailscaled without a TUN device, ${WHOIS_MS} ms for each whois`,
  ['request', 'count', 'p50', 'p95', 'slowest', 'reach'],
  [
    row(
      'first of a connection',
      first,
      `once for each connection: ${verdict(first.length <= PAGES * CONNECTIONS)}`,
    ),
    row('every other', later, `p95 ≤ ${TARGET_MS} ms: ${verdict(p95(later) <= TARGET_MS)}`),
    row(
      'all',
      [...first, ...later],
      `p95 ≤ ${TARGET_MS} ms: ${verdict(p95([...first, ...later]) <= TARGET_MS)}`,
    ),
    row('status meanwhile', statuses, ''),
  ],
);
server.close().closeAllConnections();
await tailscaled.close();
