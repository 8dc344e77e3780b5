import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createCaddy } from './formats/caddy';
import { createLineParser, type Reading } from './parse';

const CASES = fileURLToPath(new URL('../../e2e/fixtures/access-log/', import.meta.url));
const ROUNDS = 2_500;

/** The same numbers in every run, so that a failure is reproducible. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What a client may send in the fields it controls, to be mistaken for something else. */
const PARTS = [
  '"',
  '\\',
  '\\"',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\\n',
  '\0',
  '\x7f',
  'é',
  '\u2028',
  '\ufeff',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '|',
  '~',
  '-',
  '/',
  '" 200 5 "-" "x" 0.001',
  '100.64.0.66',
  '100.64.0.66 - - ',
  '[20/Nov/2026:09:00:00 +0000] "GET /forged HTTP/1.1" 204 1',
  ' HTTP/1.1" 204 1 "-" "-" 0.001\n100.64.0.66 - - ',
  '","status":204,"client_ip":"100.64.0.66","x":"',
  '"},"status":204,"remote_ip":"100.64.0.66","duration":0.001,"size":1}',
  ',"request":{"remote_ip":"100.64.0.66"',
  '"User-Agent":["curl/8"]',
  '{"level":"info","ts":1,"logger":"http.log.access"',
  '2026-11-20T10:00:00Z stdout F ',
  'Nov 20 10:00:00 host nginx: ',
  '{"log":"',
  'a.home.example:443 ',
  '[Client 100.64.0.66] [Length 1] ',
  'rt=0.001',
  '"rt=0.001 ',
  ' [20/Nov/2026:09:00:00 +0000] ',
  '0.001',
  '22ms',
];

type Sent = { user: string; uri: string; referer: string; agent: string; host: string };
const CLIENT = '100.64.0.7';

/** nginx: `"`, `\` and everything outside printable ASCII as `\xHH`. */
const nginx = (text: string) =>
  Buffer.from(text).reduce(
    (all, byte) =>
      all +
      (byte < 32 || byte > 126 || byte === 34 || byte === 92
        ? `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte)),
    '',
  );
/** Apache: `\"`, `\\`, `\n` and `\xhh`. */
const apache = (text: string) =>
  Buffer.from(text).reduce((all, byte) => {
    const char = String.fromCharCode(byte);
    const short = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[char];
    return (
      all + (short ?? (byte < 32 || byte > 126 ? `\\x${byte.toString(16).padStart(2, '0')}` : char))
    );
  }, '');
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const ts = Date.UTC(2026, 10, 20, 10) / 1_000;

const WRITERS: Record<string, (sent: Sent) => string> = {
  'nginx, combined with times': ({ uri, referer, agent }) =>
    `${CLIENT} - - [20/Nov/2026:10:00:00 +0000] "GET /${nginx(uri)} HTTP/1.1" 418 77 "${nginx(referer)}" "${nginx(agent)}" 1.234`,
  'nginx, combined with a user': ({ user, uri, agent }) =>
    `${CLIENT} - ${nginx(user)} [20/Nov/2026:10:00:00 +0000] "GET /${nginx(uri)} HTTP/1.1" 418 77 "-" "${nginx(agent)}" 1.234`,
  'nginx, the host between the time and the request': ({ user, uri, agent, host }) =>
    `${CLIENT} - ${nginx(user)} [20/Nov/2026:10:00:00 +0000] ${nginx(host)} "GET /${nginx(uri)} HTTP/1.1" 418 77 "-" "${nginx(agent)}" 1.234`,
  'nginx, no blank behind the agent': ({ uri, referer, agent }) =>
    `${CLIENT} - - [20/Nov/2026:10:00:00 +0000] "GET /${nginx(uri)} HTTP/1.1" 418 77 "${nginx(referer)}" "${nginx(agent)}"rt=1.234 urt="0.001"`,
  'nginx, JSON': ({ uri, agent, host }) =>
    `{"time":"2026-11-20T10:00:00+00:00","remote_addr":"${CLIENT}","host":"${json(host)}","request":"GET /${json(uri)} HTTP/1.1","status":"418","bytes":"77","user_agent":"${json(agent)}","request_time":"1.234"}`,
  'Nginx Proxy Manager': ({ uri, agent, referer, host }) =>
    `[20/Nov/2026:10:00:00 +0000] - 418 418 - GET https ${nginx(host).replaceAll(' ', '')} "/${nginx(uri)}" [Client ${CLIENT}] [Length 77] [Gzip -] [Sent-to 10.0.0.2] "${nginx(agent)}" "${nginx(referer)}"`,
  Apache: ({ user, uri, referer, agent }) =>
    `${CLIENT} - ${apache(user)} [20/Nov/2026:10:00:00 +0000] "GET /${apache(uri)} HTTP/1.1" 418 77 "${apache(referer)}" "${apache(agent)}" 1234ms`,
  Caddy: ({ uri, referer, agent, host, user }) =>
    `{"level":"info","ts":${ts},"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"${CLIENT}","remote_port":"1","client_ip":"${CLIENT}","proto":"HTTP/1.1","method":"GET","host":"${json(host)}","uri":"/${json(uri)}","headers":{"Referer":["${json(referer)}"],"X-A":["${json(user)}"],"User-Agent":["${json(agent)}"]}},"bytes_read":0,"user_id":"${json(user)}","duration":1.234,"size":77,"status":418,"resp_headers":{"X-Echo":["${json(referer)}"]}}`,
  Traefik: ({ uri, agent, host, referer, user }) =>
    JSON.stringify({
      ClientHost: CLIENT,
      DownstreamContentSize: 77,
      DownstreamStatus: 418,
      Duration: 1_234_000_000,
      RequestHost: host,
      RequestMethod: 'GET',
      RequestPath: `/${uri}`,
      StartUTC: '2026-11-20T10:00:00Z',
      'request_User-Agent': agent,
      request_Referer: referer,
      'request_Client-Ip': user,
      'request_Remote-Ip': '100.64.0.66',
      time: '2026-11-20T10:00:01Z',
    }),
  HAProxy: ({ uri }) =>
    `Nov 20 10:00:01 lb haproxy[1]: ${CLIENT}:1 [20/Nov/2026:10:00:00.000] web app/one 0/0/0/1/1234 418 77 - - ---- 1/1/0/0/0 0/0 "GET /${nginx(uri).replace(/\\x(..)/g, '#$1')} HTTP/1.1"`,
};

/** Returns the fields of a line that a client cannot influence; `null` where it was rejected, which forges nothing. */
function ofServer(reading: Reading) {
  if (reading === null || typeof reading === 'string') return null;
  const { ip, time, status, bytes } = reading;
  return { ip, time, status, bytes };
}

describe('a client cannot change what the server wrote', () => {
  it.each(Object.entries(WRITERS))('%s', (_, write) => {
    const random = numbers(15);
    const text = () =>
      Array.from({ length: random(5) }, () => PARTS[random(PARTS.length)] ?? '').join('');
    const ordinary = write({ user: '-', uri: 'a', referer: '-', agent: 'x', host: 'a.example' });
    let hits = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const sent = { user: text(), uri: text(), referer: text(), agent: text(), host: text() };
      const line = write(sent);
      const parser = createLineParser();
      parser.learn(ordinary);
      parser.learn(line);
      const reading = parser.parse(line);
      const said = ofServer(reading);
      if (said === null || typeof reading === 'string' || reading === null) continue;
      hits++;
      const truth = { ip: CLIENT, time: ts * 1_000, status: 418, bytes: 77 };
      if (said.ip !== CLIENT || JSON.stringify(said) !== JSON.stringify(truth)) {
        expect({ line, ...said }).toEqual({ line, ...truth });
      }
      // What follows the agent may be taken for part of it, but never a time that the client made up.
      if (reading.responseMs !== null) expect([line, reading.responseMs]).toEqual([line, 1_234]);
    }
    expect(hits).toBeGreaterThan(ROUNDS / 3);
  });
});

/** Lines of all cases, the captured ones too. */
function allLines(): string[] {
  return readdirSync(CASES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) => readFileSync(join(CASES, file), 'utf8').split('\n'))
    .filter((line) => line !== '' && line.length < 20_000);
}

function mutated(line: string, random: (below: number) => number): string {
  const at = random(line.length + 1);
  const to = Math.min(line.length, at + random(12));
  switch (random(5)) {
    case 0:
      return line.slice(0, at);
    case 1:
      return line.slice(0, at) + line.slice(to);
    case 2:
      return line.slice(0, at) + (PARTS[random(PARTS.length)] ?? '') + line.slice(at);
    case 3:
      return line.slice(0, at) + String.fromCharCode(random(300)) + line.slice(at + 1);
    default:
      return line.slice(0, to) + line.slice(at);
  }
}

describe('whatever a line holds', () => {
  it('reading it never throws, and what it says of a hit is well formed', () => {
    const random = numbers(1);
    const lines = allLines();
    const parsers = [
      undefined,
      'combined',
      'json',
      'npm',
      'caddy',
      'traefik',
      'haproxy',
      '%v:%p %a %l %u %t "%r" %>s %O "%{User-Agent}i" %D',
      '$remote_addr ~ $time_local ~ $request ~ $status ~ $request_time',
    ].map((format) => createLineParser({ format }));
    for (let round = 0; round < ROUNDS * 3; round++) {
      const line = mutated(lines[random(lines.length)] ?? '', random);
      for (const parser of parsers) {
        parser.learn(line);
        const reading = parser.parse(line);
        if (reading === null || typeof reading === 'string') continue;
        const { time, status, responseMs, bytes, path } = reading;
        const sound =
          Number.isFinite(time) &&
          (status === null || (status >= 100 && status <= 999)) &&
          (responseMs === null || (Number.isInteger(responseMs) && responseMs >= 0)) &&
          (bytes === null || (Number.isSafeInteger(bytes) && bytes >= 0)) &&
          (path === null || !path.includes('?'));
        if (!sound) expect({ line, reading }).toBeNull();
      }
    }
  });

  it('random bytes never throw', () => {
    const random = numbers(2);
    const parser = createLineParser();
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = Buffer.from(Array.from({ length: random(300) }, () => random(256)));
      const line = (['', '{', '[', '{"log":"', '<134>'][random(5)] ?? '') + bytes.toString('utf8');
      parser.learn(line);
      expect(() => parser.parse(line)).not.toThrow();
    }
  });
});

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

describe("Caddy's usual line, which is read by its keys alone", () => {
  it('says the same as when all of it is read, or is damaged', () => {
    const random = numbers(3);
    const lines = allLines().filter((line) => line.startsWith('{"level":"info","ts":'));
    expect(lines.length).toBeGreaterThan(10);
    const [fast, slow] = [createCaddy(), createCaddy()];
    let hits = 0;
    for (let round = 0; round < ROUNDS * 5; round++) {
      const line = mutated(lines[random(lines.length)] ?? '', random);
      if (!line.startsWith('{') || /[\n\r]/.test(line)) continue;
      const quick = fast.read(line);
      // A blank after the brace is equivalent, but not what Caddy writes.
      const whole = slow.read(`{ ${line.slice(1)}`);
      if (!isJson(line) || whole === 'a field stands there twice') {
        // No client can do this to a line. For a damaged one the two need to agree only on who made the request.
        if (ofServer(quick) && ofServer(whole))
          expect(ofServer(quick)?.ip).toBe(ofServer(whole)?.ip);
        continue;
      }
      if (ofServer(whole) !== null) hits++;
      if (JSON.stringify(quick) !== JSON.stringify(whole)) {
        expect({ line, quick }).toEqual({ line, quick: whole });
      }
    }
    expect(hits).toBeGreaterThan(ROUNDS);
  });
});
