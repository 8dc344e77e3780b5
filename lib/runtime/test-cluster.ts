import http from 'node:http';
import { type AddressInfo, BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AlertEngine } from '../alerts/engine';
import { act } from '../api/act';
import { actions } from '../api/actions';
import { handle } from '../api/handle';
import { routes } from '../api/routes';
import { WatchCollectors } from '../cluster/watch-collectors';
import type { AccessPolicy } from '../domain/caller';
import { judgedAlone } from '../domain/judgement';
import type { LiveEvent } from '../domain/live-event';
import type { ModelState } from '../domain/model';
import type { OwnDevice } from '../domain/own-device';
import { QUOTA_PLANS } from '../domain/quota';
import { verbatim } from '../domain/said';
import { NO_BUDGET } from '../domain/traffic-budget';
import { Gate } from '../identity/gate';
import { Identifier } from '../identity/identifier';
import { ReplicaToken, replicaCredential } from '../identity/replica';
import { SignedLinks } from '../identity/signed-links';
import { ReportRefused } from '../models/tracker';
import type { CollectorServices, OwnServices, Services } from '../services';
import type { AuditEntry } from '../store/ports/audit';
import type { Announcement } from '../store/ports/collectors';
import type { Stores } from '../store/ports/stores';
import { replicaServices } from './build/replica-services';
import { noSuchCollector } from './build/services';

/** Collectors and replicas that talk HTTP on loopback, with the product's own API, gate and lib/cluster. */

export const TOKEN = 'what-collectors-and-replicas-of-a-test-share';
const NOBODY: AccessPolicy = { admins: [], viewers: null };

type Route = (request: Request, context: { params: Promise<never> }) => Promise<Response>;

function calls(services: () => Services): { method: string; path: RegExp; route: Route }[] {
  const pattern = (path: string) => {
    const id = path.replace('{id}', '(?<id>[\\w.-]+)(?:/(?<number>\\d+))?');
    return new RegExp(`^${id.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
  };
  return [
    ...Object.entries(routes).map(([path, route]) => ({
      ...{ method: 'GET', path: pattern(path) },
      route: handle(route as never, services) as Route,
    })),
    ...Object.values(actions).map((action) => ({
      ...{ method: action.method, path: pattern(action.path) },
      route: act(action as never, services) as Route,
    })),
  ];
}

export type Served = { url: string; close(): Promise<void> };

/** Serves the API of these services behind a gate, as Next does; `known`: where it says it is. */
export async function serve(
  services: Services,
  replicaToken: string | null,
  policy = NOBODY,
): Promise<Served & { server: http.Server; known: { url: string } }> {
  const status = () => services.tailnet.view().status;
  const started = { url: '' };
  const tailscale = { whois: async () => null, source: 'localapi' as const, location: '/' };
  const identifier = new Identifier(
    {
      ...{ auth: 'local', policy, trustedProxies: new BlockList() },
      replicaToken:
        replicaToken === null ? null : new ReplicaToken(replicaToken, () => started.url),
    },
    tailscale,
    status,
    { check: (token) => TOKENS[token] ?? { kind: 'unknown' } },
  );
  const gate = new Gate({ policy, allowedHosts: [] }, identifier, status);
  const served = calls(() => services);
  const server = http.createServer((request, response) => {
    gate.pass(request, response, async () => {
      const { pathname } = new URL(request.url ?? '', 'http://127.0.0.1');
      const call = served.find(
        ({ method, path }) => method === request.method && path.test(pathname),
      );
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const asked = new Request(`http://127.0.0.1${request.url}`, {
        method: request.method,
        headers: new Headers(request.headers as Record<string, string>),
        body: chunks.length > 0 ? Buffer.concat(chunks) : null,
      });
      const params = { ...call?.path.exec(pathname)?.groups };
      const answer = call
        ? await call.route(asked, { params: Promise.resolve(params as never) })
        : new Response(null, { status: 404 });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  started.url = url;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, close, server, known: started };
}

/** Tokens of machines, as `npm run token` makes them. */
const TOKENS: Record<string, { kind: 'known'; name: string; scope: 'ingest' | 'read' }> = {
  'a-job': { kind: 'known', name: 'job', scope: 'ingest' },
  'a-reader': { kind: 'known', name: 'reader', scope: 'read' },
};

const OWN: OwnDevice = { state: 'ok', reason: '', remedy: '', since: 0, settled: true };

/** A model that a test's collectors know, and a report of it. */
const TIDES: ModelState = {
  ...{ model: 'tides', status: 'ok', entryStatus: 'ok', baseline: {}, factor: 2, entries: 1 },
  silentAfterMs: null,
  last: {
    ...{ id: 1, model: 'tides', time: 1, version: null, trainedAt: null, horizon: null },
    ...{ window: null, metrics: { mae: 1 }, baselineMae: null, ratio: null, status: 'ok' },
  },
};
export const jobReport = { model_name: 'tides', metrics: { mae: 1 } };

type CollectorOptions = {
  name: string;
  store: Stores;
  models?: ModelState[];
  own?: Partial<OwnServices>;
  now?: () => number;
};

/** Returns a collector: its alerts are the product's own over a real store, and it sees an empty tailnet. */
export function collectorOver({ name, store, models = [TIDES], own, now }: CollectorOptions) {
  const engine = new AlertEngine({ store, channels: [], now });
  const audited: Omit<AuditEntry, 'id'>[] = [];
  const view = { source: 'localapi' as const, location: '/run/tailscaled.sock', stale: false };
  const services: CollectorServices = {
    instance: {
      ...{ startedAt: 1, connectionIntervalMs: 60_000 },
      trafficBudget: NO_BUDGET,
      ...{ quotaPlan: QUOTA_PLANS.personal, rawDays: 30, publicUrl: null, timeZone: 'UTC' },
    },
    histories: store,
    accessLog: {
      ...{ pattern: null, countNonTailnet: false, storeError: null, sender: null },
      state: { files: [], hits: 0, lastHit: null, problems: [] },
      rejected: () => store.rejectedLines.rejected(),
      findings: async () => [],
    },
    tailnet: {
      view: () => ({ ...view, status: null, answeredAt: null, error: null, own: OWN }),
      former: () => ({}),
      network: () => ({ last: null, error: null }),
    },
    connections: {
      ...{ last: () => new Map(), critical: () => [], unmatched: () => [] },
      judge: (device) => judgedAlone(device, OWN),
      baseline: async () => ({ state: 'learning', reason: verbatim('') }),
    },
    alerts: {
      open: () => engine.open(),
      history: (limit, cursor, filter) => engine.history(limit, cursor, filter),
      mutes: () => engine.mutes(),
      channels: () => [],
    },
    models: { states: () => models, csv: () => ({ file: 'models.csv', notices: [] }) },
    audit: {
      addAudit: async (entry) => void audited.push(entry),
      audit: async () => ({ entries: [], nextCursor: null }),
    },
    storage: { influx: null, bytes: async () => null },
    jobs: () => [],
    subscribe: () => () => {},
    collectors: () => [],
    forCollector(asked) {
      if (asked === undefined || asked === name) return services;
      throw noSuchCollector(asked);
    },
    own: {
      collector: { name, instance: `${name}-1` },
      whois: async () => null,
      checkNetwork: async () => {},
      ping: () => null,
      links: new SignedLinks(path.join(tmpdir(), `links-${name}-${process.pid}`), name),
      traffic: () => [],
      counters: {
        hits: () => store.hitCounters.hitCounters(false),
        traffic: () => store.traffic.trafficTotals(),
      },
      alerts: {
        acknowledge: (id, by) => engine.acknowledge(id, by),
        unacknowledge: (id) => engine.unacknowledge(id),
        mute: (mute) => engine.mute(mute),
        unmute: (id) => engine.unmute(id),
        sendTests: async () => [{ name: 'telegram', delivery: { state: 'sent' } }],
      },
      settings: { shown: () => [], save: () => {}, test: async () => null },
      models: {
        history: async () => ({ entries: [], nextCursor: null }),
        record: async ({ model }) => {
          throw new ReportRefused(verbatim(`no room for ${model}`));
        },
      },
      ...own,
    },
    remote: null,
  };
  return { services, engine, audited };
}

export const announcementOf = (
  { own }: CollectorServices,
  url: string,
  at = Date.now(),
): Announcement => ({ ...own.collector, version: '0.1.0', url, at });

/** Returns a replica over the collectors of this list, which may change. */
export function replicaOver(
  announced: Announcement[],
  store: Stores,
  token: string | null = TOKEN,
) {
  const news: LiveEvent[] = [];
  const audited: Omit<AuditEntry, 'id'>[] = [];
  const watch = new WatchCollectors({
    registry: { collectors: async () => announced },
    credential: token === null ? null : (url) => replicaCredential(token, url),
    publish: (event) => news.push(event),
  });
  const services = replicaServices({
    collectors: watch,
    historiesOf: () => store,
    instance: {
      ...{ startedAt: 1, connectionIntervalMs: 60_000 },
      trafficBudget: NO_BUDGET,
      ...{ quotaPlan: QUOTA_PLANS.personal, rawDays: 30, publicUrl: null, timeZone: 'UTC' },
    },
    audit: {
      addAudit: async (entry) => void audited.push(entry),
      audit: async () => ({ entries: [], nextCursor: null }),
    },
    storage: { influx: null, bytes: async () => null },
    jobs: () => [],
    subscribe: () => () => {},
  });
  return { services, watch, news, audited };
}
