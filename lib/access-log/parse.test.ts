import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLineParser, type ParsedLine } from './parse';

const fixture = (name: string) =>
  readFileSync(new URL(`../../e2e/fixtures/nginx/${name}.log`, import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean);

function hit(line: string): ParsedLine {
  const parsed = createLineParser().parse(line);
  if (parsed === null || typeof parsed === 'string') throw new Error(parsed ?? 'no access');
  return parsed;
}

const COMBINED =
  '100.64.0.2 - - [21/Oct/2025:14:32:15 +0000] "GET /a HTTP/1.1" 200 3 "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"';
const CUSTOM =
  '$remote_addr [$time_local] $request_method "$request_uri" $status $body_bytes_sent $request_time "$http_user_agent" "$http_x_forwarded_for"';

describe('lines of a real nginx', () => {
  it.each([
    ['seed', 'seed'],
    ['combined', 'combined'],
    ['timed', 'combined+time'],
    ['json', 'json'],
  ])('all 29 lines of %s.log are hits and the format is named', (name, format) => {
    const parser = createLineParser();
    const parsed = fixture(name).map((line) => parser.parse(line));
    expect(parsed).toHaveLength(29);
    expect(parsed.filter((one) => typeof one === 'string')).toEqual([]);
    expect(parser.format).toBe(format);
  });

  it('the same requests read the same in every format', () => {
    const requestsOf = (name: string) =>
      fixture(name).map((line) => {
        const { time, ip, method, path, endpoint, status } = hit(line);
        return { time, ip, method, path, endpoint, status };
      });
    for (const name of ['combined', 'timed', 'json'])
      expect(requestsOf(name)).toEqual(requestsOf('seed'));
  });

  it('requests that are not HTTP are hits with a status and nothing made up', () => {
    const malformed = fixture('timed')
      .map((line) => hit(line))
      .filter((one) => one.method === null);
    expect(malformed.map(({ path, endpoint, status }) => [path, endpoint, status])).toEqual([
      [null, '(malformed)', 400],
      [null, '(malformed)', 400],
    ]);
  });
});

describe('what a log does not say', () => {
  it('is null, never 0', () => {
    expect(hit('100.64.0.2 - - [21/Oct/2025:14:32:15 +0000] "GET /a HTTP/1.1" 200')).toMatchObject({
      time: Date.UTC(2025, 9, 21, 14, 32, 15),
      bytes: null,
      responseMs: null,
      client: 'unknown',
    });
    expect(hit(COMBINED.replace('200 3', '- -'))).toMatchObject({ status: null, bytes: null });
    expect(hit(COMBINED.replace('200', '000')).status).toBeNull();
  });

  it('a logged time of zero is zero', () => {
    expect(hit(`${COMBINED} 0.000`).responseMs).toBe(0);
  });
});

describe('response times', () => {
  it.each([
    [`${COMBINED} 1.234`, 1234],
    [`${COMBINED} "100.64.0.9, 10.0.0.1" 0.034`, 34],
    [`${COMBINED} 0.034 "100.64.0.9"`, 34],
    [`${COMBINED} "0.034"`, 34],
    [`${COMBINED} rt=0.034 uct="0.001"`, 34],
    [`${COMBINED} 512 0.034 [default-web] [] 10.0.0.1:80 3 0.030 200 abc`, 34],
    [`${COMBINED} "-"`, null],
    [`${COMBINED} 512`, null],
  ])('are found behind the known fields: %s', (line, expected) => {
    expect(hit(line)).toMatchObject({ responseMs: expected, client: 'browser', bytes: 3 });
  });
});

describe('times', () => {
  it('the zone is honoured, also between neighbouring lines', () => {
    const parser = createLineParser();
    const at = (time: string) => {
      const parsed = parser.parse(COMBINED.replace(/\[.*?\]/, `[${time}]`));
      return parsed === null || typeof parsed === 'string'
        ? parsed
        : new Date(parsed.time).toISOString();
    };
    expect(at('01/Jan/2026:00:30:00 +0100')).toBe('2025-12-31T23:30:00.000Z');
    expect(at('01/Jan/2026:00:30:00 -0330')).toBe('2026-01-01T04:00:00.000Z');
    expect(at('29/Feb/2024:00:00:00 +0000')).toBe('2024-02-29T00:00:00.000Z');
  });

  it.each([
    '30/Feb/2026:00:00:00 +0000',
    '01/Jan/2026:24:00:00 +0000',
    '01/anF/2026:00:00:00 +0000',
    '01/Jan/2026:00:00:00 *0000',
    '0x/Jan/2026:00:00:00 +0000',
  ])('an impossible one is rejected with the time in the reason: %s', (time) => {
    expect(createLineParser().parse(COMBINED.replace(/\[.*?\]/, `[${time}]`))).toContain(time);
  });

  it.each([
    ['"time":"2025-10-21T16:32:15+02:00"'],
    ['"@timestamp":"2025-10-21T14:32:15.000Z"'],
    ['"time_local":"21/Oct/2025:14:32:15 +0000"'],
    ['"msec":"1761057135.000"'],
    ['"ts":1761057135'],
    ['"ts":1761057135000'],
  ])('JSON may write it as %s', (time) => {
    expect(hit(`{${time},"remote_addr":"100.64.0.2","uri":"/"}`).time).toBe(1761057135000);
  });
});

describe('addresses and statuses', () => {
  it('only real addresses are clients, and one address has one spelling', () => {
    const ip = (text: string) => hit(COMBINED.replace('100.64.0.2', text)).ip;
    expect(ip('::ffff:100.64.0.2')).toBe('100.64.0.2');
    expect(ip('FD7A:115C:A1E0::2')).toBe('fd7a:115c:a1e0::2');
    for (const bad of ['unix:', 'example.org', '100.64.0.256', '-']) {
      expect(createLineParser().parse(COMBINED.replace('100.64.0.2', bad))).toContain('not an IP');
    }
  });

  it.each(['099', '20', 'abc', '1000'])('status %s is rejected', (status) => {
    expect(createLineParser().parse(COMBINED.replace(' 200 ', ` ${status} `))).toContain(status);
  });

  it.each([600, 999])('status %s is what it is: return takes any', (status) => {
    expect(hit(COMBINED.replace(' 200 ', ` ${status} `)).status).toBe(status);
  });

  it('a user name cannot pose as the time and the request', () => {
    const forged = 'x [01/Jan/2020:00:00:00 +0000] \\x22GET /forged HTTP/1.1\\x22 200';
    expect(hit(COMBINED.replace('- - [', `- ${forged} [`))).toMatchObject({
      path: '/a',
      time: Date.UTC(2025, 9, 21, 14, 32, 15),
    });
  });
});

describe('paths', () => {
  const path = (request: string) => hit(COMBINED.replace('GET /a HTTP/1.1', request)).path;
  it('have no query, no fragment, no host', () => {
    expect(path('GET /a?token=secret HTTP/1.1')).toBe('/a');
    expect(path('GET /a#b HTTP/2.0')).toBe('/a');
    expect(path('GET http://user:pw@host/a?b HTTP/1.1')).toBe('/a');
    expect(path('GET http://host?b HTTP/1.1')).toBe('/');
    expect(path('OPTIONS * HTTP/1.1')).toBe('*');
  });

  it('escaped bytes are shown as UTF-8, invalid ones as the replacement character', () => {
    expect(path('GET /\\xC3\\xB1 HTTP/1.1')).toBe('/ñ');
    expect(path('GET /\\xFF HTTP/1.1')).toBe('/\ufffd');
    expect(path('GET /ñ HTTP/1.1')).toBe('/ñ');
  });

  it('control and direction characters are removed, and 512 characters is the most', () => {
    expect(path('GET /a\\x00\\x1Bb\u202ec HTTP/1.1')).toBe('/abc');
    expect(path(`GET /${'a'.repeat(5000)} HTTP/1.1`)).toHaveLength(512);
  });

  it.each(['get /a HTTP/1.1', 'GET /a', 'GET', '', '\\x16\\x03', 'CONNECT host:443 HTTP/1.1'])(
    'a request line without one has none: %s',
    (request) =>
      expect(hit(COMBINED.replace('GET /a HTTP/1.1', request)).endpoint).toBe('(malformed)'),
  );
});

describe('whatever a line holds', () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % below;
  };
  const lines = ['seed', 'combined', 'timed', 'json'].flatMap(fixture);

  it('parsing never throws and gives a sound hit or a reason', () => {
    const parsers = [createLineParser(), createLineParser({ format: CUSTOM })];
    for (let round = 0; round < 20_000; round++) {
      let line = lines[random(lines.length)] ?? '';
      for (let change = random(4); change >= 0; change--) {
        const at = random(line.length + 1);
        const chunk = String.fromCharCode(...Array.from({ length: random(6) }, () => random(600)));
        line = line.slice(0, at) + chunk + line.slice(at + random(8));
      }
      if (round % 50 === 0)
        line = String.fromCharCode(...Array.from({ length: 80 }, () => random(256)));
      for (const parser of parsers) {
        const parsed = parser.parse(line);
        if (parsed === null) continue;
        if (typeof parsed === 'string') {
          expect(parsed).not.toBe('');
          continue;
        }
        expect(Number.isSafeInteger(parsed.time)).toBe(true);
        for (const value of [parsed.status, parsed.bytes, parsed.responseMs]) {
          expect(value === null || (Number.isSafeInteger(value) && value >= 0)).toBe(true);
        }
        expect(parsed.path ?? '/').toMatch(/^(\/|\*$)/);
        expect(parsed.endpoint.length).toBeLessThanOrEqual(200);
      }
    }
  });
});
