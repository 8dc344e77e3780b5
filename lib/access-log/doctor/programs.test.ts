import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { takeSample } from '../log-sample';
import { createLineParser, type ParsedLine } from '../parse';
import { examine } from './examine';
import type { ExaminedLog, LogFacts } from './facts';
import { type Program, programOf } from './program';

const CASES = fileURLToPath(new URL('../../../e2e/fixtures/access-log/', import.meta.url));
const NOW = Date.UTC(2026, 10, 20, 11);

function aLog(path: string, lines: readonly string[], format?: string): ExaminedLog {
  const sample = takeSample(lines, createLineParser({ format, path }), NOW);
  return { path, size: 100, formatSet: format !== undefined, sample };
}

/** Returns the files of a case, as logs in a folder whose name reveals nothing. */
function logsOf(name: string, format?: string): ExaminedLog[] {
  return readdirSync(join(CASES, name))
    .filter((file) => file.endsWith('.log'))
    .map((file) => {
      const lines = readFileSync(join(CASES, name, file), 'utf8')
        .split('\n')
        .filter(Boolean);
      return aLog(join('/logs', file), lines, format);
    });
}

const findings = (logs: readonly ExaminedLog[], facts: Partial<LogFacts> = {}) =>
  examine({ pattern: '/logs/*.log', problems: [], logs, user: 'ana', container: false, ...facts });

function hit(line: string): ParsedLine {
  const parsed = createLineParser().parse(line);
  if (parsed === null || typeof parsed === 'string') throw new Error(parsed ?? 'no access');
  return parsed;
}

describe('which program writes a log', () => {
  it.each<[string, Program]>([
    ['51-caddy-json', 'caddy'],
    ['52-caddy-transform', 'unknown'],
    ['53-traefik-json', 'traefik'],
    ['54-traefik-common', 'traefik'],
    ['55-apache-vhost-combined', 'apache'],
    ['57-haproxy-httplog', 'haproxy'],
    ['58-haproxy-clf', 'haproxy'],
    ['62-ingress-nginx', 'ingress-nginx'],
    ['63-nginx-json-names', 'nginx'],
    ['64-lighttpd', 'lighttpd'],
    ['65-envoy-default', 'envoy'],
    ['66-oauth2-proxy', 'oauth2-proxy'],
    ['67-tsdproxy', 'tsdproxy'],
  ])('%s: %s', (name, program) => {
    const { path, sample } = logsOf(name).find((log) =>
      log.path.endsWith('/input.log'),
    ) as ExaminedLog;
    expect(programOf({ path, sample })).toBe(program);
  });

  it.each<[string, Program]>([
    ['/var/log/apache2/access.log', 'apache'],
    ['/var/log/httpd/access_log', 'apache'],
    ['/var/log/nginx/access.log', 'nginx'],
    ['/data/logs/proxy-host-3_access.log', 'npm'],
    ['/var/lib/docker/containers/abc/abc-json.log', 'unknown'],
  ])('by its path where its lines are those of several: %s', (path, program) => {
    const line = '100.64.0.2 - - [20/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8"';
    expect(programOf(aLog(path, [line]))).toBe(program);
  });

  it('in a container’s log, by what is inside', () => {
    const [caddy = ''] = readFileSync(join(CASES, '51-caddy-json/input.log'), 'utf8').split('\n');
    const wrapped = JSON.stringify({
      log: `${caddy}\n`,
      stream: 'stderr',
      time: '2026-11-20T10:00:00Z',
    });
    expect(programOf(aLog('/var/lib/docker/containers/a/a-json.log', [wrapped]))).toBe('caddy');
  });
});

describe('advice is for the program that writes the log', () => {
  it.each([
    ['/var/log/caddy/access.log', 'output file /var/log/caddy/access.log'],
    ['/var/log/apache2/access.log', 'CustomLog /var/log/apache2/access.log observatory'],
    ['/var/log/haproxy.log', 'option httplog'],
    ['/var/log/traefik/access.log', 'filePath: "/var/log/traefik/access.log"'],
    ['/var/log/lighttpd/access.log', 'accesslog.filename = "/var/log/lighttpd/access.log"'],
    ['/data/logs/proxy-host-1_access.log', '/data/logs/observatory.log'],
  ])('without response times, or without the log: %s', (path, expected) => {
    const line = '100.64.0.2 - - [20/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8"';
    const [untimed] = findings([aLog(path, [line])]);
    expect(untimed).toMatchObject({ code: 'no_response_time' });
    expect(untimed?.snippet).toContain(expected);
    expect(untimed?.snippet).not.toContain('nginx -t');
    const problem = { path, code: 'ENOENT', message: 'does not exist yet' };
    const [missing] = findings([], { problems: [problem] });
    expect(missing).toMatchObject({ code: 'missing' });
    expect(missing?.snippet).toContain(expected);
  });

  it.each([
    ['/var/log/caddy/access.log', 'trusted_proxies static 172.16.0.0/12'],
    ['/var/log/apache2/access.log', 'RemoteIPInternalProxy 172.16.0.0/12'],
    ['/var/log/haproxy.log', 'set-src hdr(x-forwarded-for) if { src 172.16.0.0/12 }'],
    ['/var/log/traefik/access.log', '- "172.16.0.0/12"'],
    ['/var/log/lighttpd/access.log', '"172.16.0.0/12" => "trust"'],
    ['/data/logs/proxy-host-1_access.log', 'server_proxy.conf'],
    ['/var/log/nginx/access.log', 'set_real_ip_from 172.16.0.0/12;'],
  ])('behind a proxy: %s', (path, expected) => {
    const line =
      '172.18.0.1 - - [20/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8" 0.100';
    const [finding] = findings([aLog(path, [line])]);
    expect(finding).toMatchObject({ code: 'behind_proxy' });
    expect(finding?.snippet).toContain(expected);
  });

  it.each([
    [
      'nginx',
      '100.64.0.2 - - [20/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8" 0.034',
    ],
    [
      'Apache',
      '100.64.0.2 - - [20/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8" 34ms',
    ],
    [
      'Apache, with the virtual host',
      'git.home.example:443 100.64.0.2 - - [20/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8" 34ms',
    ],
    [
      'lighttpd',
      '100.64.0.2 git.home.example - [20/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8" 34012us',
    ],
    [
      'Nginx Proxy Manager',
      '{"time":"2026-11-20T10:00:00+00:00","remote_addr":"100.64.0.2","host":"git.home.example","request":"GET /a HTTP/1.1","status":"200","bytes":"3","user_agent":"curl/8","request_time":"0.034"}',
    ],
    [
      'Envoy',
      '{"remote_addr":"100.64.0.2","bytes":"3","path":"/a","host":"git.home.example","method":"GET","duration_ms":"34","time":"2026-11-20T10:00:00.000Z","user_agent":"curl/8","status":"200"}',
    ],
  ])('the format proposed for %s is read, with its time', (_, line) => {
    expect(hit(line)).toMatchObject({
      ip: '100.64.0.2',
      method: 'GET',
      path: '/a',
      status: 200,
      bytes: 3,
      responseMs: 34,
    });
  });

  it('in a container: folders to mount and groups to add, not users of the machine', () => {
    const path = '/var/log/nginx/access.log';
    const [missing] = findings([], {
      container: true,
      problems: [{ path, code: 'ENOENT', message: '' }],
    });
    expect(missing?.snippet).toContain('-v /var/log/nginx:/var/log/nginx:ro');
    const [shut] = findings([], {
      container: true,
      problems: [{ path, code: 'EACCES', message: '' }],
    });
    expect(shut?.snippet).toContain('group_add:');
    expect(shut?.snippet).not.toContain('sudo');
  });

  it.each([
    ['/var/lib/docker/containers/a/a-json.log', 'EACCES'],
    ['/var/log/nginx/access.log', 'NOT_A_FILE'],
  ])('%s (%s): the web server’s container is to write to a folder that both see', (path, code) => {
    const [finding] = findings([], { problems: [{ path, code, message: 'a fifo' }] });
    expect(finding?.snippet).toContain('./logs:/var/log/nginx');
    expect(finding?.snippet).toContain('./logs:/logs:ro');
    expect(finding?.snippet).not.toContain('setfacl');
  });
});

describe('what is proposed never makes a line unreadable', () => {
  it('01: Nginx Proxy Manager’s folder: only how to get response times, and for all of its logs', () => {
    const found = findings(logsOf('01-npm-folder'));
    expect(found.map(({ code }) => code)).not.toContain('wrong_format');
    const npm = found.find(({ remedy }) => remedy.includes('Nginx Proxy Manager'));
    expect(npm?.snippet).toContain('redirection-host-*_access.log');
    expect(npm?.snippet).toContain('dead-host-*_access.log');
  });

  it('03: a log with one name for an address: no format, and what to turn off', () => {
    const found = findings(logsOf('03-doctors-advice-copied'));
    expect(found.map(({ code }) => code)).toEqual(['host_names', 'no_response_time']);
    expect(found.map(({ snippet }) => snippet).join()).not.toContain('ACCESS_LOG_FORMAT');
    expect(found[0]?.snippet).toContain('HostnameLookups Off');
  });

  it('03: JSON with a stray line: no format', () => {
    const [json = ''] = readFileSync(join(CASES, '06-nginx-json-path/input.log'), 'utf8').split(
      '\n',
    );
    const found = findings([aLog('/logs/access.log', [json, '# opened by logrotate', json])]);
    expect(found).toMatchObject([{ code: 'wrong_format', severity: 'warning', snippet: null }]);
  });

  it('03: under a set format, the advice says in the same breath that it has to go', () => {
    const format = '$remote_addr ~ $time_local ~ $request ~ $status ~ $body_bytes_sent';
    const line = '100.64.0.2 ~ 20/Nov/2026:10:00:00 +0000 ~ GET /a HTTP/1.1 ~ 200 ~ 3';
    const [finding] = findings([aLog('/logs/access.log', [line], format)]);
    expect(finding).toMatchObject({ code: 'no_response_time' });
    expect(finding?.remedy).toContain('remove the old one from ACCESS_LOG_FORMAT');
  });

  it('of an unknown format: how to find it, and for which log alone to set it', () => {
    const [finding] = findings([aLog('/var/log/apache2/odd.log', ['what is this'])]);
    expect(finding).toMatchObject({
      code: 'wrong_format',
      title: 'No line of odd.log can be read',
    });
    expect(finding?.remedy).toContain('odd.log=');
    expect(finding?.snippet).toContain('CustomLog');
    expect(finding?.snippet).not.toContain('ACCESS_LOG_FORMAT');
  });
});

describe('each log is judged by itself', () => {
  it('20: error logs beside an access log are nobody’s fault', () => {
    expect(findings(logsOf('20-error-log-beside'))).toEqual(
      findings(logsOf('20-error-log-beside').filter(({ path }) => path.endsWith('/access.log'))),
    );
    const [only] = findings(
      logsOf('20-error-log-beside').filter(({ path }) => path.includes('error')),
    );
    expect(only).toMatchObject({ code: 'no_accesses' });
  });

  it.each(['a', 'm'])('21: one bad log of several is named, the last one or not: %s', (letter) => {
    const logs = logsOf('21-several-logs-one-bad').map((log) =>
      log.path.includes('/a-') ? { ...log, path: `/logs/${letter}${letter}-access.log` } : log,
    );
    const found = findings(logs.sort((a, b) => a.path.localeCompare(b.path)));
    expect(found).toMatchObject([
      {
        code: 'wrong_format',
        severity: 'error',
        title: expect.stringContaining(`${letter}${letter}-access.log`),
      },
    ]);
    expect(found[0]?.detail).toContain('3 of the last 3 lines');
    expect(findings(logs.filter(({ sample }) => sample.rejected === 0))).toEqual([]);
  });

  it('56: whole numbers that could be anything: the advice does not assume nginx', () => {
    const [finding] = findings(logsOf('56-apache-durations'));
    expect(finding).toMatchObject({ code: 'no_response_time' });
    expect(finding?.remedy).not.toContain('nginx');
    expect(finding?.snippet).toContain('Apache');
  });

  it('65: Envoy’s default is named, with the address to add and nothing of nginx', () => {
    const found = findings(logsOf('65-envoy-default'));
    expect(found).toMatchObject([{ code: 'forgeable_address', severity: 'error' }]);
    expect(found[0]?.title).toContain('Envoy');
    expect(found[0]?.snippet).toContain('%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%');
    expect(JSON.stringify(found)).not.toContain('nginx');
  });

  it('a log behind a proxy beside one that is not is a hint, public clients alone are none', () => {
    const line = (ip: string) =>
      `${ip} - - [20/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8" 0.100`;
    const good = aLog('/logs/a.log', [line('100.64.0.2')]);
    expect(findings([good, aLog('/logs/b.log', [line('203.0.113.9')])])).toEqual([]);
    expect(findings([good, aLog('/logs/b.log', [line('172.18.0.1')])])).toMatchObject([
      { code: 'behind_proxy', severity: 'hint', detail: expect.stringContaining('/logs/b.log') },
    ]);
  });

  it('accesses dated in the future are noticed, small differences of clocks are not', () => {
    const line = (time: string) =>
      `100.64.0.2 - - [20/Nov/2026:${time} +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8" 0.100`;
    expect(findings([aLog('/logs/a.log', [line('11:04:00')])])).toEqual([]);
    expect(findings([aLog('/logs/a.log', [line('10:59:00'), line('16:00:00')])])).toMatchObject([
      {
        code: 'future',
        detail: expect.stringContaining('1 of the last 2 accesses is up to 5 hours'),
      },
    ]);
  });
});
