import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { onWindows } from '../../../e2e/fakes/systems';
import { findingInWords } from '../../domain/finding';
import { say } from '../../domain/said';
import { inLanguage } from '../../i18n/on-server';
import { sampleFile, takeSample } from '../log-sample';
import { createLineParser } from '../parse';
import { problemSaying } from '../problems';
import { quoted } from '../shell';
import { examine } from './examine';
import type { ExaminedLog, LogFacts } from './facts';

const line = (ip: string, more = '') =>
  `${ip} - - [21/Oct/2025:14:32:15 +0000] "GET /a HTTP/1.1" 200 3 "-" "curl/8"${more}`;

const aLog = (path: string, lines: string[], change: Partial<ExaminedLog> = {}): ExaminedLog => ({
  path,
  size: 100,
  formatSet: false,
  sample: takeSample(lines, createLineParser({ path }), Date.UTC(2026, 10, 20, 11)),
  ...change,
});

function findings(lines: string[], facts: Partial<LogFacts> = {}) {
  return examine({
    pattern: '/l/access.log',
    problems: [],
    logs: [aLog('/l/access.log', lines)],
    user: 'ana',
    container: false,
    ...facts,
  });
}

it('a healthy log has no findings', () => {
  expect(findings([line('100.64.0.2', ' 0.012'), line('fd7a:115c:a1e0::2', ' 0.100')])).toEqual([]);
});

it('no log set: says which lines nginx needs and how to start', () => {
  const [finding] = findings([], { pattern: null });
  expect(finding).toMatchObject({ code: 'no_log_configured', severity: 'error' });
  expect(finding?.snippet).toContain('$request_time');
  expect(finding?.snippet).toContain('ACCESS_LOG=/var/log/nginx/access.log npm start');
});

it.skipIf(onWindows)('an unreadable log: the commands are exact and quote any path', () => {
  const path = "/l/it's $(mine)/access.log";
  const [finding] = findings([], { logs: [], problems: [{ path, code: 'EACCES', message: '' }] });
  expect(finding).toMatchObject({ code: 'unreadable' });
  expect(finding?.snippet).toContain(`sudo setfacl -m u:ana:r '/l/it'\\''s $(mine)/access.log'`);
  expect(finding?.snippet).toContain('sudo usermod -aG adm ana');
  expect(execFileSync('sh', ['-c', `printf %s ${quoted(path)}`]).toString()).toBe(path);
});

it('a missing and an empty log are told apart', () => {
  const problem = { path: '/l/access.log', code: 'ENOENT', message: 'does not exist yet' };
  expect(findings([], { logs: [], problems: [problem] })).toMatchObject([{ code: 'missing' }]);
  const empty = [aLog('/l/access.log', [], { size: 0 })];
  expect(findings([], { logs: empty })).toMatchObject([{ code: 'empty', severity: 'hint' }]);
  // Nothing is known about an unreadable one.
  const shut = { path: '/l/access.log', code: 'EACCES', message: '' };
  expect(findings([], { logs: empty, problems: [shut] })).toMatchObject([{ code: 'unreadable' }]);
});

it.each([
  ['172.18.0.1', 'set_real_ip_from 172.16.0.0/12;'],
  ['127.0.0.1', 'set_real_ip_from 127.0.0.1;'],
  ['::1', 'set_real_ip_from ::1;'],
  ['192.168.7.9', 'set_real_ip_from 192.168.7.0/24;'],
])('all accesses from %s: the proxy to trust is named', (ip, directive) => {
  const [finding] = findings([line(ip, ' 0.100'), line(ip, ' 0.100')]);
  expect(finding).toMatchObject({ code: 'behind_proxy', severity: 'error' });
  expect(finding?.snippet).toContain(directive);
});

it('public addresses are never proposed as a proxy to trust', () => {
  const [finding] = findings([line('203.0.113.9', ' 0.100')]);
  expect(finding).toMatchObject({ code: 'behind_proxy', snippet: null });
});

it('one access from the tailnet is enough to see that addresses arrive', () => {
  expect(findings([line('172.18.0.1', ' 0.100'), line('100.64.0.2', ' 0.100')])).toEqual([]);
});

it('a log without response times: the format that has them', () => {
  expect(findings([line('100.64.0.2')])).toMatchObject([
    {
      code: 'no_response_time',
      snippet: expect.stringContaining('access_log /l/access.log observatory;'),
    },
  ]);
});

it('lines that do not parse: a sample and its reason are shown', () => {
  const [finding] = findings(['what is this']);
  expect(finding).toMatchObject({ code: 'wrong_format', severity: 'error' });
  expect(finding?.detail).toContain('no quoted request');
  expect(finding?.detail).toContain('what is this');
});

it.each([
  '[31/Jul/2026:17:53:30 +0000] - 200 200 - GET https shop.example "/a" [Client 100.64.0.7] [Length 8] [Gzip -] [Sent-to 10.0.0.2] "curl/8" "-"',
  '[31/Jul/2026:17:53:30 +0000] 200 - GET https shop.example "/a" [Client 100.64.0.7] [Length 8] [Gzip -] "curl/8" "-"',
])('Nginx Proxy Manager: its lines are read, so there is nothing to set: %s', (sample) => {
  expect(createLineParser().parse(sample)).toMatchObject({ ip: '100.64.0.7', path: '/a' });
  expect(findings([sample]).map(({ code }) => code)).toEqual(['no_response_time']);
});

it('a proxy on a unix socket is recognised', () => {
  expect(findings([line('unix:')])).toMatchObject([{ code: 'unix_socket' }]);
});

it.skipIf(onWindows)(
  'the sample is the whole lines at the end of the file, and a fifo is never waited for',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    const path = join(folder, 'access.log');
    const lines = Array.from({ length: 5_000 }, (_, n) => `line ${n} ${'x'.repeat(50)}`);
    writeFileSync(path, `${lines.join('\n')}\nunfinished`);
    const sample = await sampleFile(path);
    expect(sample).toEqual(lines.slice(-sample.length));
    expect(sample.length).toBeGreaterThan(1_000);
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    expect(await sampleFile(join(folder, 'fifo'))).toEqual([]);
    rmSync(folder, { recursive: true });
  },
);

it.each<[string[], Partial<LogFacts>, string, string, string]>([
  [
    [],
    { pattern: null },
    'No hay ningún registro de accesos definido',
    'El registro de accesos del servidor web dice quién abrió qué; ACCESS_LOG lo nombra.',
    'Haz que el servidor web registre los tiempos de respuesta',
  ],
  [
    [line('172.18.0.1', ' 0.100'), line('172.18.0.1', ' 0.100')],
    {},
    'Ningún acceso viene de la tailnet',
    'sus últimos 2 accesos vienen todos de 172.16.0.0/12: la red de Docker',
    'haz que el servidor web lea la dirección que pasa',
  ],
  [
    ['what is this', line('100.64.0.2', ' 0.012')],
    {},
    'Algunas líneas no se pueden leer',
    '/l/access.log: 1 de las últimas 2 líneas no encaja en ningún formato conocido (',
    'Las demás líneas se reconocen',
  ],
  [
    [],
    {
      logs: [],
      problems: [
        problemSaying(
          '/l/a.log',
          '/l/a.log',
          'ENOENT',
          say('doctor.fileMissing', { path: '/l/a.log' }),
        ),
      ],
    },
    'El registro de accesos aún no existe',
    '/l/a.log aún no existe; se lee en cuanto aparezca',
    'haz que el servidor web escriba ahí',
  ],
])('findings are read in Spanish too: %j', (lines, facts, title, detail, remedy) => {
  const [finding] = findings(lines, facts);
  const read = inLanguage('es', () => finding && findingInWords(finding));
  expect(read).toMatchObject({ code: finding?.code, snippet: finding?.snippet, title });
  expect(read?.detail).toContain(detail);
  expect(read?.remedy).toContain(remedy);
});
