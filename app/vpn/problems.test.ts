import { expect, test } from 'vitest';
import type { DevicesResponse, LogDoctorResponse, QuotaStatusResponse } from '@/lib/api/schemas';
import { inLanguage } from '@/lib/i18n/on-server';
import { isFull, listProblems } from './problems';
import { device, healthy as health } from './test-doubles';

const NOW = Date.UTC(2026, 10, 24);
const inDays = (days: number) => new Date(NOW + days * 86_400_000).toISOString();

const doctor: LogDoctorResponse = { findings: [], rejected: { total: 0, samples: [] } };
const quota: QuotaStatusResponse = {
  plan: { name: 'Personal', checked_on: '2026-09-20' },
  users: { used: 2, limit: 6 },
  external_users: { used: 3, limit: 3 },
  devices: { used: 14, limit: null },
  status: 'near',
};

function devices(stale: boolean, keys: [string, boolean, string | null][]): DevicesResponse {
  return {
    generated_at: new Date(NOW - 240_000).toISOString(),
    source: 'localapi',
    stale,
    tailnet: { name: 't', magic_dns_suffix: 't.ts.net' },
    counts: { total: 0, online: 0, own: 0, shared: 0, external: 0 },
    exit_node: null,
    devices: keys.map(([hostname, expired, key_expiry]) =>
      device(hostname, { expired, key_expiry }),
    ),
  };
}

const seen = { health, devices: null, quota: null, doctor };
const plain = (text: string | undefined) =>
  text?.replaceAll(/[\u00a0]/g, ' ').replaceAll(/[\u2068\u2069]/g, '');

test('nothing wrong is an empty list', () => {
  expect(listProblems(seen, NOW)).toEqual([]);
});

test('critical ones come first, whatever they come from', () => {
  const problems = listProblems(
    {
      health,
      devices: devices(false, [
        ['soon', false, inDays(2)],
        ['dead', true, inDays(-1)],
      ]),
      quota,
      doctor,
    },
    NOW,
  );
  expect(problems.map(({ id }) => id)).toEqual(['expired', 'expiring', 'quota']);
  expect(plain(problems[1]?.detail)).toBe('soon in 2 d.');
  expect(problems[2]?.detail).toBe('3 of 3 external users on the plan “Personal”.');
});

test('keys of devices unseen for 30 days, and of those that are not ours, are not listed', () => {
  const keys = devices(false, []);
  const away = { online: false, last_seen: inDays(-31) };
  const dead = { expired: true, key_expiry: inDays(-1) };
  const listed = [
    device('gone', { ...away, ...dead }),
    device('going', { ...away, key_expiry: inDays(2) }),
    device('theirs', { ...dead, classification: 'shared' }),
    device('ours', dead),
  ];
  const problems = listProblems({ ...seen, devices: { ...keys, devices: listed } }, NOW);
  expect(problems.map(({ id }) => id)).toEqual(['expired']);
  expect(plain(problems[0]?.detail)).toMatch(/^ours: /);
});

test('an entry of CRITICAL_NODES that matches nothing is listed, with near names', () => {
  const message = 'gti in CRITICAL_NODES matches no device; did you mean git?';
  const reported = { ...health, problems: [{ part: 'critical_nodes', message }] };
  expect(listProblems({ ...seen, health: reported }, NOW)).toMatchObject([
    { title: 'Critical devices', detail: message },
  ]);
});

test('a limit of nothing, unused, is not full', () => {
  expect(isFull({ used: 0, limit: 0 })).toBe(false);
  expect(isFull({ used: 4, limit: 5 })).toBe(true);
  expect(isFull({ used: 9, limit: null })).toBe(false);
});

test('a silent tailscaled says when it last answered, once', () => {
  const stale = devices(true, []);
  expect(plain(listProblems({ ...seen, devices: stale }, NOW)[0]?.detail)).toMatch(/4 min ago/);
  const reported = { ...health, problems: [{ part: 'tailscale', message: 'no answer' }] };
  expect(listProblems({ ...seen, health: reported, devices: stale }, NOW)).toMatchObject([
    { id: 'stale' },
  ]);
  expect(listProblems({ ...seen, health: reported }, NOW)).toMatchObject([{ detail: 'no answer' }]);
});

test('log findings are shown, hints are not, and none without a log: the empty state teaches then', () => {
  const finding = { code: 'x', title: 't', detail: '', remedy: 'do', snippet: null };
  const found = {
    ...doctor,
    findings: [
      { ...finding, severity: 'hint' as const },
      { ...finding, severity: 'error' as const },
    ],
  };
  expect(listProblems({ ...seen, doctor: found }, NOW)).toHaveLength(1);
  const unset = { ...health, access_log: { ...health.access_log, pattern: null } };
  expect(listProblems({ ...seen, health: unset, doctor: found }, NOW)).toEqual([]);
});

test('a fault of the log that the doctor explains is listed once', () => {
  const sick = { ...health, problems: [{ part: 'access_log', message: 'permission denied' }] };
  const finding = { code: 'x', title: 'Unreadable', detail: '', remedy: 'do', snippet: null };
  const found = { ...doctor, findings: [{ ...finding, severity: 'error' as const }] };
  expect(listProblems({ ...seen, health: sick }, NOW).map(({ title }) => title)).toEqual([
    'Access log',
  ]);
  expect(
    listProblems({ ...seen, health: sick, doctor: found }, NOW).map(({ title }) => title),
  ).toEqual(['Unreadable']);
});

test('many expired keys are one row, the first three named', () => {
  const many = devices(
    false,
    ['a', 'b', 'c', 'd', 'e'].map((name) => [name, true, null]),
  );
  const problems = listProblems({ ...seen, devices: many }, NOW);
  expect(problems).toHaveLength(1);
  expect(plain(problems[0]?.detail)).toMatch(/^a, b, c and 2 more:/);
});

test('of several keys about to expire the first is named with its time', () => {
  const two = devices(false, [
    ['later', false, inDays(4)],
    ['soon', false, inDays(2)],
  ]);
  const [problem] = listProblems({ ...seen, devices: two }, NOW);
  expect(plain(problem?.title)).toBe('2 keys about to expire');
  expect(plain(problem?.detail)).toBe('soon, later, the first in 2 d.');
});

test('firing alerts are listed, many of one rule as one, and a key with an alert once', () => {
  const alert = (rule: 'offline' | 'key_expiring' | 'own_device', hostname: string) => ({
    rule,
    severity: rule === 'offline' ? ('critical' as const) : ('warning' as const),
    title: `${hostname} is wrong`,
    node_id: `n${hostname}`,
    hostname,
    since: inDays(-1),
  });
  const problemsWith = (loudest: ReturnType<typeof alert>[]) =>
    listProblems(
      {
        health: { ...health, alerts: { firing: loudest.length, loudest } },
        devices: devices(false, [['pi', false, inDays(3)]]),
        quota: null,
        doctor,
      },
      NOW,
    );
  expect(problemsWith([alert('key_expiring', 'pi'), alert('offline', 'nas')])).toMatchObject([
    { severity: 'critical', title: 'nas is wrong', since: inDays(-1) },
    { severity: 'warning', title: 'pi is wrong' },
  ]);
  const [many, ...others] = problemsWith(['a', 'b', 'c', 'd', 'e'].map((n) => alert('offline', n)));
  expect(many).toMatchObject({
    title: '5\u00a0devices offline',
    detail: expect.stringMatching(/and 2 more/),
  });
  expect(others.map(({ id }) => id)).toEqual(['expiring']);
  expect(problemsWith([alert('own_device', 'us')]).map(({ id }) => id)).toEqual(['expiring']);
});

test('problems are said in Spanish', () => {
  const keys = devices(false, [
    ['nas', true, inDays(-1)],
    ['pi', false, inDays(2)],
    ['git', false, inDays(3)],
  ]);
  const problems = inLanguage('es', () =>
    listProblems({ health, devices: keys, quota, doctor }, NOW),
  );
  expect(problems.map(({ title, detail }) => plain(`${title}: ${detail}`))).toEqual([
    '1 clave caducada: nas: inicia sesión de nuevo en el dispositivo o renueva la clave en la consola de administración.',
    '2 claves a punto de caducar: pi, git; la primera, en 2 d.',
    'Cerca del límite del plan: 3 de 3 usuarios externos en el plan «Personal».',
  ]);
});
