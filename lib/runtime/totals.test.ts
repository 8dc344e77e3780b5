import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { LOG_LINES, type LoggedRequest } from '../../e2e/fakes/log-lines';
import { Ingest } from '../collect/ingest';
import { openSqliteStores } from '../store/sqlite/stores';

/**
 * The totals of whole logs, beside those of programs that share no code with ours: GoAccess where it reads the format,
 * a counter of a few lines where it does not.
 */

const REQUESTS = 3_000;
const METHODS = ['GET', 'POST', 'GET', 'HEAD', 'PUT', 'GET', 'DELETE', 'OPTIONS', 'PROPFIND'];
const STATUSES = [200, 304, 404, 200, 403, 500, 200, 502, 206, 301, 101, 201, 400];
/** Apps', people's and attackers'. */
const PATHS = [
  ...['/', '/dashboard', '/assets/app.js', '/photos/album/7', '/git/infra.git/info/refs'],
  ...['/caf%C3%A9', '/%D1%84%D0%B0%D0%B9%D0%BB.txt', '/dav/a%20b/', '/~ana/', '/a+b/c,d', '/@me'],
  ...['/wp-login.php', '/cgi-bin/.%2e/.%2e/bin/sh', '/../../etc/passwd', '/.env', '/.git/config'],
  ...['//double', '/solr/admin/info/system', '/$%7Bjndi:ldap:x%7D', "/it's", '/<script>'],
];
const QUERIES = ['', '', '?page=2', '', "?q=' OR 1=1--", '?file=../../etc/passwd', ''];
const AGENTS = ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'curl/8'];

const pick = <T>(list: readonly T[], at: number) => list[at % list.length] as T;

const traffic = Array.from({ length: REQUESTS }, (_, i): LoggedRequest => {
  const query = pick(QUERIES, i >> 1).replaceAll(' ', '+');
  return {
    time: Date.UTC(2026, 10, 20) + i * 7_000,
    ip: i % 11 === 0 ? `fd7a:115c:a1e0::${i % 90}` : `100.64.${i % 7}.${1 + (i % 200)}`,
    method: pick(METHODS, i),
    path: pick(PATHS, Math.floor(i / 3)),
    query,
    status: pick(STATUSES, i),
    bytes: (i * 37) % 5_000,
    responseMs: i % 900,
    userAgent: pick(AGENTS, i),
  };
});

type Totals = { lines: number; byStatus: Record<string, number>; byPath: Record<string, number> };

class Counter {
  readonly totals: Totals = { lines: 0, byStatus: {}, byPath: {} };

  add(status: string | number | null, target: string | null, times = 1): void {
    // Percent-encoding is undone on both sides, since GoAccess shows paths without it.
    const shown = decoded((target ?? '').split('?')[0] ?? '');
    const { totals } = this;
    totals.lines += times;
    const code = String(status);
    totals.byStatus[code] = (totals.byStatus[code] ?? 0) + times;
    totals.byPath[shown] = (totals.byPath[shown] ?? 0) + times;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Undoes `\"` and `\x22`, as servers write a quote in a target. */
const unescaped = (text: string) =>
  text
    .replace(/\\x([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll('\\"', '"');

const folder = mkdtempSync(path.join(tmpdir(), 'totals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the traffic as a log of that format, and returns its path. */
function written(format: keyof typeof LOG_LINES): string {
  const file = path.join(mkdtempSync(path.join(folder, 'log-')), 'access.log');
  writeFileSync(file, traffic.map((request) => `${LOG_LINES[format](request)}\n`).join(''));
  return file;
}

/** Copies lines that a real program wrote. */
function captured(name: string): string {
  const file = path.join(mkdtempSync(path.join(folder, 'log-')), path.basename(name));
  copyFileSync(new URL(`../../e2e/fixtures/access-log/${name}`, import.meta.url), file);
  return file;
}

/** Takes the log in as at a first start, at default settings, and counts what is stored. */
async function ours(log: string): Promise<Totals> {
  const store = await openSqliteStores(path.join(path.dirname(log), 'data', 'observatory.sqlite'));
  try {
    await new Ingest(store, { pattern: log, format: undefined, backfill: true }).run();
    const counter = new Counter();
    const all = { from: 0, to: Date.UTC(2027, 0, 1) };
    let cursor: string | null = null;
    do {
      const page = await store.accesses.hits(all, { bots: true, nonTailnet: true }, 1_000, cursor);
      for (const hit of page.hits) counter.add(hit.status, hit.path);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return counter.totals;
  } finally {
    await store.close();
  }
}

const panel = z
  .object({
    data: z.array(
      z.object({
        data: z.string(),
        hits: z.object({ count: z.number() }),
        items: z
          .array(z.object({ data: z.string(), hits: z.object({ count: z.number() }) }))
          .optional(),
      }),
    ),
  })
  .optional();
const report = z.object({
  general: z.object({ valid_requests: z.number() }),
  requests: panel,
  static_requests: panel,
  not_found: panel,
  status_codes: panel,
});

/** Counts a log with GoAccess 1.7; `options`: how it is to read the format. */
function goaccess(log: string, options: readonly string[]): Totals {
  const out = `${log}.json`;
  const fixed = ['--no-progress', '--no-global-config', '--no-query-string', '-o', out];
  execFileSync('goaccess', [log, ...fixed, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said = report.parse(JSON.parse(readFileSync(out, 'utf8')));
  const totals: Totals = { lines: said.general.valid_requests, byStatus: {}, byPath: {} };
  // It lists static files and missing pages apart from other requests.
  for (const one of [said.requests, said.static_requests, said.not_found]) {
    for (const { data, hits } of one?.data ?? []) {
      // It shows what the server escaped as it was written, and what is no request as a path.
      const target = unescaped(data);
      const shown = target.startsWith('/') ? target : '';
      totals.byPath[shown] = (totals.byPath[shown] ?? 0) + hits.count;
    }
  }
  for (const { items } of said.status_codes?.data ?? []) {
    for (const { data, hits } of items ?? []) totals.byStatus[data.slice(0, 3)] = hits.count;
  }
  return totals;
}

const named = (format: string) => [`--log-format=${format}`];
const DATE = ['--date-format=%d/%b/%Y', '--time-format=%H:%M:%S'];
const CUSTOM = {
  timed: ['--log-format=%h %^[%d:%t %^] "%r" %s %b "%R" "%u" %T', ...DATE],
  traefik: ['--log-format=%h - %e [%d:%t %^] "%r" %s %b "%R" "%u" %^ "%^" "%^" %Lms', ...DATE],
};

describe.skipIf(spawnSync('goaccess', ['--version']).status !== 0)('totals equal GoAccess', () => {
  it.each([
    ['combined', written('combined'), named('COMBINED'), REQUESTS],
    ['combined with the response time', written('combined+time'), CUSTOM.timed, REQUESTS],
    ['common', written('common'), named('COMMON'), REQUESTS],
    ['vhost_combined', written('vhost'), named('VCOMBINED'), REQUESTS],
    ['vhost and common', written('vhost common'), named('VCOMMON'), REQUESTS],
    ['Caddy JSON', written('Caddy JSON'), named('CADDY'), REQUESTS],
    ['Traefik common', written('Traefik common'), CUSTOM.traefik, REQUESTS],
    ['Apache, combined', captured('captured-apache/apache-combined.log'), named('COMBINED'), 12],
    [
      'Apache, vhost',
      captured('captured-apache/apache-vhost_combined.log'),
      named('VCOMBINED'),
      12,
    ],
    // Neither reads the line whose user has a blank and a quote.
    ['nginx, combined', captured('captured-nginx/nginx-combined.log'), named('COMBINED'), 11],
    ['Caddy', captured('captured-caddy/caddy.log'), named('CADDY'), 10],
  ])('%s', async (_, log, options, lines) => {
    const totals = await ours(log);
    expect(totals).toEqual(goaccess(log, options));
    expect(totals.lines).toBe(lines);
  });
});

type Field = (line: string) => readonly [status: unknown, target: unknown];

const fromJson =
  (status: string, target: string): Field =>
  (line) => {
    const said: Record<string, unknown> = z.record(z.string(), z.unknown()).parse(JSON.parse(line));
    return [said[status], said[target]];
  };
const byPattern =
  (pattern: RegExp): Field =>
  (line) => {
    const { status, target } = pattern.exec(line)?.groups ?? {};
    return [status, target];
  };

/** A line's status and target, by the documentation of the program that wrote it. */
const FIELDS = {
  nginxJson: (line: string) => {
    const [status, request] = fromJson('status', 'request')(line);
    return [status, /^\S+ (.*) HTTP\/\S+$/.exec(String(request))?.[1]] as const;
  },
  traefikJson: fromJson('DownstreamStatus', 'RequestPath'),
  tsdproxy: fromJson('status', 'url'),
  npm: byPattern(/ (?<status>\d+) - \S+ \S+ \S+ "(?<target>[^"]*)" \[Client/),
  haproxy: byPattern(
    / (?:-?\d+\/)+\d+ (?<status>\d+) .*"(?:\S+ (?<target>.*) HTTP\/\S+|<BADREQ>)"$/,
  ),
  common: byPattern(/\] "(?:\S+ (?<target>(?:[^"\\]|\\.)*) HTTP\/\S+|[^"]*)" (?<status>\d+) /),
  oauth2: byPattern(/\] \S+ \S+ \S+ "(?<target>[^"]*)" HTTP\/\S+ ".*" (?<status>\d+) \d+ [\d.]+$/),
};

function counted(log: string, field: Field): Totals {
  const counter = new Counter();
  for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
    const [status, target] = field(line);
    // Servers write a quote in a target as `\"`. What is no request has none.
    counter.add(String(status), String(target ?? '').replaceAll('\\"', '"'));
  }
  return counter.totals;
}

describe('totals equal an independent count', () => {
  it.each([
    ['nginx JSON', written('nginx JSON'), FIELDS.nginxJson],
    ['Traefik JSON', written('Traefik JSON'), FIELDS.traefikJson],
    ['HAProxy httplog', written('HAProxy'), FIELDS.haproxy],
    ['Nginx Proxy Manager', written('Nginx Proxy Manager'), FIELDS.npm],
    ['lighttpd', written('lighttpd'), FIELDS.common],
    ['ingress-nginx', written('ingress-nginx'), FIELDS.common],
    ['oauth2-proxy', written('oauth2-proxy'), FIELDS.oauth2],
    ['TSDProxy', written('TSDProxy'), FIELDS.tsdproxy],
    ['nginx, JSON, as captured', captured('captured-nginx/nginx-json.log'), FIELDS.nginxJson],
    ['HAProxy, as captured', captured('captured-haproxy/haproxy.log'), FIELDS.haproxy],
    ['lighttpd, as captured', captured('captured-lighttpd/lighttpd-default.log'), FIELDS.common],
  ])('%s', async (_, log, field) => {
    expect(await ours(log)).toEqual(counted(log, field));
  });
});
