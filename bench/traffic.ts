import type { LoggedRequest } from '../e2e/fakes/log-lines';
import { endpointOf } from '../lib/access-log/endpoint';
import type { ClientKind } from '../lib/domain/access';
import { DAY } from '../lib/util/time';
import { VISITORS } from './people';
import { picker, randomNumbers } from './random';

/** Hits over some days before `end` (epoch milliseconds), more by day than by night, oldest first. */
export type Traffic = { hits: number; days: number; end: number };

/** Its time is a whole second, as in a log. */
export type TrafficHit = LoggedRequest & { client: ClientKind };

/** How much busier than the mean noon is, and how much quieter midnight. */
const SWING = 0.7;

/** Paths that are their own endpoint, the most frequent first: so that another tool's request panel counts the same. */
const PATHS = [
  ...['/', '/dashboard', '/grafana/api/ds/query', '/api/v1/query', '/git/infra.git/info/refs'],
  ...['/api/v1/query_range', '/login', '/photos', '/photos/api/albums', '/assets/app.js'],
  ...['/assets/app.css', '/wiki', '/wiki/search', '/git/infra.git/git-upload-pack', '/tasks'],
  ...['/api/v1/labels', '/photos/api/timeline', '/files', '/files/upload', '/media/library'],
  ...['/media/stream', '/notes', '/notes/api/sync', '/vault/api/ciphers', '/vault/api/sync'],
  ...['/home/api/states', '/home/api/websocket', '/rss', '/rss/unread', '/calendar/dav'],
  ...['/contacts/dav', '/ci/builds', '/ci/queue', '/registry/v2', '/packages/index.json'],
  ...['/favicon.ico', '/robots.txt', '/metrics', '/healthz', '/status', '/admin', '/admin/users'],
  ...['/backup/report', '/print/jobs'],
];
const STATUSES = [200, 304, 302, 404, 401, 403, 500, 502, 206, 201] as const;
const STATUS_WEIGHTS = [820, 70, 30, 35, 12, 8, 7, 4, 8, 6];
const AGENTS: readonly [string, ClientKind][] = [
  ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'browser'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
    'browser',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0',
    'browser',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'mobile',
  ],
  ['curl/8.10.1', 'script'],
  ['git/2.47.0', 'script'],
  ['Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)', 'bot'],
];

for (const path of PATHS) {
  if (endpointOf(path) !== path) throw new Error(`${path} is not its own endpoint`);
}
/** The distinct paths; the product lists at most fifty endpoints in an answer. */
export const ENDPOINTS: readonly string[] = PATHS;

/** Yields the same hits for the same traffic, every time. The object is reused: read it before you take the next. */
export function* hitsOf({ hits, days, end }: Traffic): Generator<TrafficHit> {
  const random = randomNumbers(20_261_124);
  const visitor = picker(VISITORS.map((_, i) => 1 / (i + 3)));
  const path = picker(PATHS.map((_, i) => 1 / (i + 4)));
  const statusOf = picker(STATUS_WEIGHTS);
  const agentOf = picker([24, 26, 14, 12, 14, 9, 1]);
  const start = end - days * DAY;
  const hit = { method: 'GET', query: '' } as TrafficHit;
  for (let i = 0; i < hits; i++) {
    const day = ((i + random()) / hits) * days;
    const hour = day % 1;
    const busy = hour + (SWING / (2 * Math.PI)) * Math.sin(2 * Math.PI * hour);
    hit.time = Math.floor((start + (Math.floor(day) + busy) * DAY) / 1_000) * 1_000;
    hit.ip = VISITORS[visitor(random())]?.ip ?? '';
    const at = path(random());
    hit.path = PATHS[at] ?? '/';
    hit.status = STATUSES[statusOf(random())] ?? 200;
    hit.method = random() < 0.12 ? 'POST' : 'GET';
    hit.query = random() < 0.15 ? `?page=${Math.floor(random() * 50)}` : '';
    hit.bytes = hit.status === 304 ? 0 : Math.floor(300 + random() ** 4 * 180_000);
    hit.responseMs = Math.floor((2 + (at % 7) * 6) * (0.5 + random() ** 5 * 40));
    const [userAgent, client] = AGENTS[agentOf(random())] ?? ['-', 'unknown'];
    hit.userAgent = userAgent;
    hit.client = client;
    yield hit;
  }
}
