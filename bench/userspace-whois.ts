import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp } from '../e2e/harness/app';
import { lab } from '../e2e/harness/lab';
import { freePort } from '../e2e/harness/process';
import { dashboardCalls } from '../lib/calls/page-calls';
import { localApi } from '../lib/tailscale/local-api';
import { SECOND } from '../lib/util/time';
import { historyFolder, MILLION } from './history-store';
import { median, ms, p95 } from './numbers';
import { SocksAgent } from './socks-agent';
import { printTable, verdict } from './table';

/**
 * The started product beside the lab's userspace tailscaled, with ten open dashboards, by each way that a browser may
 * take. Without a TUN device every connection looks like one from this machine, so that the product asks tailscaled whois
 * about each.
 */

const PAGES = 10;
/** As many as a browser opens to one host. */
const CONNECTIONS = 6;
/** The dashboard refreshes its usage this often, and the rest every fourth time. */
const POLL_MS = 2_500;
const REST_EVERY = 4;
const DURATION_MS = 60 * SECOND;
const SMALL_EVERY_MS = 500;
const TARGET_MS = 50;
/** `git`'s way into the tailnet, see lab/README.md. */
const SOCKS_PORT = Number(process.env.LAB_SOCKS_PORT ?? 1061) + 1;

const tailnet = lab();
const tailscale = localApi({ socketPath: tailnet.socket });
const { dataDir, accessLog, env } = await historyFolder(MILLION);
const { usage, ...rest } = dashboardCalls({ days: 7, collector: undefined });
const restPaths = Object.values(rest).map(({ path }) => path);

type Way = {
  name: string;
  host: string;
  port: number;
  agent: (sockets: number) => http.Agent;
  /** Ten pages of one browser share its connections; those of ten devices do not. */
  browsers: number;
};
type Times = {
  /** Opening a page, with which a browser begins. */
  opened: number[];
  first: number[];
  later: number[];
  small: number[];
  status: number[];
  failed: number;
};

const throughTailnet = (sockets: number) => new SocksAgent(SOCKS_PORT, sockets);
const directly = (maxSockets: number) => new http.Agent({ keepAlive: true, maxSockets });

/** Returns the ways to an app that listens at `listens`, an address of loopback. */
function waysTo(listens: string, appPort: number, servePort: number, own: string): Way[] {
  const serve = {
    ...{ host: 'chocolate-factory.tail.test', port: servePort },
    ...{ agent: throughTailnet, browsers: PAGES },
  };
  const machine = { host: listens, port: appPort, agent: directly, browsers: 1 };
  const ways = [
    { ...serve, name: `by tailscale serve (${listens})` },
    { ...machine, name: `on the machine (${listens})` },
  ];
  // tailscaled passes connections on to this address alone.
  if (listens !== '127.0.0.1') return ways;
  const passedOn = { host: own, port: appPort, agent: throughTailnet, browsers: PAGES };
  return [{ ...passedOn, name: 'passed on from the tailnet' }, ...ways];
}

/** The cookies that each browser was given. */
const cookies = new WeakMap<http.Agent, string>();
/** Connections that have carried a request: `reusedSocket` misses those that waited for one. */
const used = new WeakSet<object>();

/** Sends a GET, and resolves with how long it took, and whether it was the first of its connection. */
function call(
  { host, port }: Way,
  agent: http.Agent,
  path: string,
): Promise<{ took: number; isFirst: boolean; status: number }> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const headers = {
      ...{ Host: `${host}:${port}`, 'Accept-Encoding': 'gzip' },
      ...{ Cookie: cookies.get(agent) ?? '' },
    };
    const request = http.get({ host, port, path, agent, headers }, (response) => {
      const { statusCode: status = 0 } = response;
      const [given] = response.headers['set-cookie'] ?? [];
      if (given) cookies.set(agent, given.split(';')[0] ?? '');
      response
        .resume()
        .on('end', () => resolve({ took: performance.now() - started, isFirst, status }))
        .on('error', reject);
    });
    let isFirst = false;
    request.on('socket', (socket) => {
      isFirst = !used.has(socket);
      used.add(socket);
    });
    request.on('error', reject);
  });
}

/** Keeps ten dashboards open by one way, a small call every half second, and status polls of our own beside them. */
async function measure(way: Way): Promise<Times> {
  const times: Times = { opened: [], first: [], later: [], small: [], status: [], failed: 0 };
  const end = performance.now() + DURATION_MS;
  const note = ({ took, isFirst, status }: Awaited<ReturnType<typeof call>>) => {
    (isFirst ? times.first : times.later).push(took);
    if (status !== 200) times.failed++;
  };
  const agents = Array.from({ length: way.browsers }, () => way.agent(CONNECTIONS));
  const page = async (agent: http.Agent) => {
    await sleep(Math.random() * POLL_MS);
    const { took, status } = await call(way, agent, '/vpn');
    times.opened.push(took);
    if (status !== 200) times.failed++;
    for (let round = 0; performance.now() < end; round++) {
      const paths = round % REST_EVERY === 0 ? [usage.path, ...restPaths] : [usage.path];
      for (const one of await Promise.all(paths.map((path) => call(way, agent, path)))) note(one);
      await sleep(POLL_MS);
    }
  };
  const small = async () => {
    const agent = way.agent(1);
    await call(way, agent, '/me.json');
    while (performance.now() < end) {
      const { took, status } = await call(way, agent, '/me.json');
      times.small.push(took);
      if (status !== 200) times.failed++;
      await sleep(SMALL_EVERY_MS);
    }
    agent.destroy();
  };
  const statusPolls = async () => {
    while (performance.now() < end) {
      const started = performance.now();
      await tailscale.status();
      times.status.push(performance.now() - started);
      await sleep(SECOND);
    }
  };
  const pages = agents.flatMap((agent) =>
    Array.from({ length: PAGES / way.browsers }, () => page(agent)),
  );
  await Promise.all([small(), statusPolls(), ...pages]);
  for (const agent of agents) agent.destroy();
  return times;
}

const summary = (times: number[]) => [
  ...[String(times.length), ms(median(times)), ms(p95(times)), ms(Math.max(...times))],
];

const rows: string[][] = [];
for (const listens of ['127.0.0.1', '127.0.0.2']) {
  const settings = { TAILSCALE_SOCKET: tailnet.socket, TAILSCALE_CLI: tailnet.cli };
  const app = await startApp({
    dataDir,
    env: { ...env, ...settings, ACCESS_LOG: accessLog, HOST: listens },
  });
  const servePort = await freePort();
  await tailnet.ts('factory', 'serve', '--bg', '--http', String(servePort), app.url);
  const [own = ''] = (await tailnet.ts('factory', 'ip', '-4')).trim().split('\n');
  try {
    for (const way of waysTo(listens, Number(new URL(app.url).port), servePort, own)) {
      const { opened, first, later, small, status, failed } = await measure(way);
      rows.push(
        [`${way.name}: a call`, ...summary(later), reach(p95(later), failed)],
        ['… opening the page', ...summary(opened), ''],
        ['… the first of a connection', ...summary(first), ''],
        ['… a small call', ...summary(small), reach(p95(small), 0)],
        ['… tailscaled’s status meanwhile', ...summary(status), ''],
      );
    }
  } finally {
    await tailnet.ts('factory', 'serve', '--http', String(servePort), 'off');
    await app.stop();
  }
}
printTable(
  `userspace-whois: ${PAGES} open dashboards beside a tailscaled without a TUN device, 1,000,000 hits`,
  ['request', 'count', 'p50', 'p95', 'slowest', 'reach'],
  rows,
);

function reach(worst: number, failed: number): string {
  const met = worst <= TARGET_MS && failed === 0;
  return `p95 ≤ ${TARGET_MS} ms, none failed: ${verdict(met)}${failed > 0 ? ` (${failed} failed)` : ''}`;
}
