import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { AccessLogsResponse } from '../../lib/api/schemas';
import { container, type Part } from '../harness/container';
import { until } from '../harness/process';

test.skip(
  process.getuid?.() !== 0 || !existsSync('/dev/net/tun'),
  'needs root and /dev/net/tun, for a network of its own',
);
test.describe.configure({ mode: 'serial' });

/** Answers each request with the headers it came with. */
const ECHO = `require('http').createServer((q, a) => a.end(JSON.stringify(q.headers))).listen(3001, '127.0.0.1')`;
const NAME = 'observatory.tail.test';
let inside: Awaited<ReturnType<typeof container>>;
let sidecar: Part;
let visitor: string;

const isUp = (part: Part) =>
  until(() => part.output().includes('the node is up'), 30_000, part.output);
/** The whole lines of a log: none of one that was just begun. */
const logged = async (file = 'access.log') =>
  (await readFile(inside.at('var/log/nginx', file), 'utf8')).split('\n').slice(0, -1);
const ps = async () =>
  (await inside.run('ps', '-eo', 'user,args'))
    .split('\n')
    .filter((line) => line.includes(inside.at()));

test.beforeAll(async () => {
  inside = await container();
  await writeFile(
    inside.at('opt/services/echo.conf'),
    'server { listen 127.0.0.1:8081; location / { include visitor-headers.conf; proxy_pass http://127.0.0.1:3001; } }',
  );
  inside.begin([process.execPath, '-e', ECHO]);
  sidecar = inside.startSidecar();
  await isUp(sidecar);
  visitor = await inside.join('observatory');
});
test.afterAll(() => inside.remove());

test('each part but tailscaled runs as a user of its own, without rights', async () => {
  const users = Object.fromEntries(
    (await ps()).map((line) => [
      /(socat|nginx:? (?:master|worker)|tailscaled --statedir\S+state )/.exec(line)?.[0] ?? '',
      line.split(' ')[0],
    ]),
  );
  expect(users).toMatchObject({ socat: 'nobody', 'nginx: master': 'www-data' });
  expect(await inside.run(inside.at('opt/healthcheck.sh'))).toBe('');
});

test('before the app is there, a visitor reads so', async () => {
  const answer = await inside.visit('-w', ' %{http_code}', `http://${NAME}/vpn`);
  expect(answer).toContain('does not answer');
  expect(answer).toMatch(/ 503$/);
});

test('nothing that listens on loopback can be reached over the tailnet', async () => {
  const own = await inside.ownAddress();
  for (const port of [8765, 8080, 8081, 3001]) {
    await inside.run('curl', '-sS', '-o', '/dev/null', `http://127.0.0.1:${port}/`);
    await expect(inside.visit(`http://${own}:${port}/`), String(port)).rejects.toThrow(
      /SOCKS5|refused|timed out/,
    );
  }
});

test('the app gets the address of the visitor, and no word of the visitor on who he is', async () => {
  await inside.run(
    'tailscale',
    `--socket=${inside.at('var/tailscaled.sock')}`,
    'serve',
    '--bg',
    '--http=81',
    'http://127.0.0.1:8081',
  );
  const forged = [
    'X-Forwarded-For: 6.6.6.6',
    'X-Real-IP: 6.6.6.6',
    'Forwarded: for=6.6.6.6',
    'Tailscale-User-Login: admin@example.com',
    'Tailscale-User-Name: Admin',
    'Tailscale-App-Capabilities: {}',
  ];
  const args = forged.flatMap((header) => ['-H', header]);
  const headers = JSON.parse(await inside.visit(...args, `http://${NAME}:81/`));
  expect(headers['x-forwarded-for']).toBe(visitor);
  expect(headers.host).toContain(NAME);
  expect(JSON.stringify(headers)).not.toMatch(/6\.6\.6\.6|admin|tailscale-user/i);
});

test('the app shows the tailnet and its visitors, by name, through proxy, Serve and nginx', async () => {
  const app = await inside.startApp({
    TAILSCALE_PROXY_URL: 'http://127.0.0.1:8765',
    ACCESS_LOG: inside.at('var/log/nginx/access.log'),
    TRUSTED_PROXIES: '127.0.0.1',
  });
  await until(() => app.output().includes('Tailnet Observatory is at'), 60_000, app.output);
  expect(await inside.visit(`http://${NAME}/vpn?secret=1`)).toContain('<html');
  expect(
    await inside.visit('-o', '/dev/null', '-w', '%{http_code}', `http://${NAME}/theme.js`),
  ).toBe('200');
  const hits = async () => {
    const answer: AccessLogsResponse = JSON.parse(
      await inside.run('curl', '-sS', 'http://127.0.0.1:3000/analytics/access-logs?hours=1'),
    );
    return answer.hits;
  };
  await expect
    .poll(async () => (await hits()).map(({ path, device, ip }) => [path, device, ip]), {
      timeout: 15_000,
    })
    .toContainEqual(['/vpn', 'visitor', visitor]);
  const hit = (await hits()).find(({ path, status }) => path === '/vpn' && status === 200);
  expect(hit?.response_time_ms).not.toBeNull();

  const forged = [
    '-H',
    'X-Forwarded-For: 127.0.0.1',
    '-H',
    'Tailscale-User-Login: admin@example.com',
  ];
  for (const headers of [[], forged]) {
    const me = JSON.parse(await inside.visit(...headers, `http://${NAME}/me.json`));
    expect(me).toMatchObject({ kind: 'node', device: 'visitor', address: visitor });
  }

  // Events come as they happen, and not when a buffer is full: curl gives up after 3 s with what came until then.
  const events = inside.visit('-N', '--max-time', '3', `http://${NAME}/health-monitoring/stream`);
  await expect(events).rejects.toMatchObject({
    stdout: expect.stringMatching(/^(:|data|event|retry|id)/m),
  });

  // What logrotate does, and what it must not lose.
  await inside.run(
    'setpriv',
    '--reuid=www-data',
    '--regid=www-data',
    '--clear-groups',
    'logrotate',
    '--force',
    '--state',
    inside.at('var/log/nginx/logrotate.state'),
    inside.at('opt/logrotate.conf'),
  );
  expect(existsSync(inside.at('var/log/nginx/access.log.1'))).toBe(true);
  await expect.poll(() => existsSync(inside.at('var/log/nginx/access.log'))).toBe(true);
  await inside.visit('-o', '/dev/null', `http://${NAME}/after-rotation`);
  const visits = async () => {
    const lines = [...(await logged('access.log.1')), ...(await logged())];
    const entries = lines.map((line): { remote_addr: string; uri: string } => JSON.parse(line));
    return entries.filter(({ remote_addr }) => remote_addr === visitor).map(({ uri }) => uri);
  };
  await expect.poll(visits, { timeout: 15_000 }).toContain('/after-rotation');
  const shown = async () => (await hits()).filter(({ ip }) => ip === visitor);
  const paths = async () => (await shown()).map(({ path }) => path).sort();
  // nginx logs a request once it has ended, which one that was given up may not have yet.
  await expect(async () => {
    expect(await paths()).toEqual((await visits()).sort());
  }).toPass({ timeout: 15_000 });
  expect(await app.stop()).toBe(0);
});

test('the log is JSON, with times, without what follows a question mark', async () => {
  await inside.visit('-A', 'a "b" \\ c', `http://${NAME}/search?q=secret`);
  // Logged after it was answered.
  const last = async () => JSON.parse((await logged()).at(-1) ?? 'null');
  await expect.poll(last).toMatchObject({ uri: '/search' });
  const line = await last();
  expect(line).toMatchObject({
    remote_addr: visitor,
    method: 'GET',
    uri: '/search',
    user_agent: 'a "b" \\ c',
  });
  expect(typeof line.request_time).toBe('number');
  expect(await readFile(inside.at('var/log/nginx/access.log'), 'utf8')).not.toContain('secret');
});

test('nginx’s own TLS serves the tailnet alone', async () => {
  expect(await sidecar.stop()).toBe(0);
  const [key, cert] = [inside.at('opt/key.pem'), inside.at('opt/cert.pem')];
  await inside.run(
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    `/CN=${NAME}`,
    '-keyout',
    key,
    '-out',
    cert,
  );
  await inside.run('chown', 'www-data', key);
  const example = await readFile(inside.at('opt/services/tls.conf.example'), 'utf8');
  await writeFile(
    inside.at('opt/services/tls.conf'),
    example
      .replace(/\S+cert\.pem;/, `${cert};`)
      .replace(/\S+key\.pem;/, `${key};`)
      .replace('http://observatory;', 'http://127.0.0.1:3001;'),
  );
  sidecar = inside.startSidecar({ TS_SERVE: 'off' });
  await isUp(sidecar);
  const own = await inside.ownAddress();
  await expect
    .poll(
      () => inside.visit('-k', '-H', 'X-Forwarded-For: 6.6.6.6', `https://${own}/`).catch(String),
      { timeout: 30_000 },
    )
    .toContain(visitor);
  const headers = JSON.parse(
    await inside.visit('-k', '-H', 'X-Forwarded-For: 6.6.6.6', `https://${own}/`),
  );
  expect(headers).toMatchObject({ 'x-forwarded-for': visitor, 'x-forwarded-proto': 'https' });
  expect(
    await inside.run('curl', '-sSk', '-o', '/dev/null', '-w', '%{http_code}', 'https://127.0.0.1/'),
  ).toBe('403');
  await rename(inside.at('opt/services/tls.conf'), inside.at('opt/services/tls.conf.off'));
});

test('asked to stop, it stops all it started, and the log is there after a restart', async () => {
  const before = await logged();
  expect(await sidecar.stop()).toBe(0);
  expect(
    (await ps()).filter((line) => /socat|nginx|logrotate|--statedir\S+state/.test(line)),
  ).toEqual([]);
  sidecar = inside.startSidecar();
  await isUp(sidecar);
  await expect
    .poll(
      () =>
        inside.visit('-o', '/dev/null', '-w', '%{http_code}', `http://${NAME}/again`).catch(String),
      { timeout: 30_000 },
    )
    .toBe('503');
  expect((await logged()).slice(0, before.length)).toEqual(before);
});

for (const [part, pattern] of [
  ['nginx', 'nginx: master .*'],
  ['proxy', 'socat TCP4-LISTEN:8765.*'],
  ['tailscaled', 'tailscaled --statedir='],
]) {
  test(`when ${part} dies, all of it ends with an error that says so`, async () => {
    const mine = inside.at(part === 'tailscaled' ? 'state' : '');
    const [pid] = (await inside.run('pgrep', '-f', `^${pattern}${mine}`)).trim().split('\n');
    process.kill(Number(pid), 'SIGKILL');
    expect(await sidecar.ended(20_000)).toBe(1);
    expect(sidecar.output()).toContain(`"msg":"${part} ended with code 137"`);
    sidecar = inside.startSidecar();
    await isUp(sidecar);
  });
}

test('what cannot work is refused in words', async () => {
  expect(await sidecar.stop()).toBe(0);
  const cases: [Record<string, string>, RegExp][] = [
    [{ TS_AUTHKEY_FILE: '/nonexistent' }, /TS_AUTHKEY_FILE=\/nonexistent cannot be read/],
    [{ TS_SERVE: 'ftp' }, /TS_SERVE=ftp is none of/],
    [{ TAILSCALE_PROXY_PORT: 'x' }, /TAILSCALE_PROXY_PORT=x is not a port/],
  ];
  for (const [env, words] of cases) {
    const refused = inside.startSidecar(env);
    expect(await refused.ended(20_000)).toBe(1);
    expect(refused.output()).toMatch(words);
  }
});
