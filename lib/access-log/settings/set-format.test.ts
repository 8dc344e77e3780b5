import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLineParser, type ParsedLine } from '../parse';
import { formatsOf } from './per-log';

function hit(line: string, format?: string): ParsedLine {
  const parsed = createLineParser({ format }).parse(line);
  if (parsed === null || typeof parsed === 'string') throw new Error(parsed ?? 'no access');
  return parsed;
}

const COMBINED =
  '100.64.0.2 - - [21/Oct/2025:14:32:15 +0000] "GET /a HTTP/1.1" 200 3 "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"';
const CUSTOM =
  '$remote_addr [$time_local] $request_method "$request_uri" $status $body_bytes_sent $request_time "$http_user_agent" "$http_x_forwarded_for"';

describe('a custom log_format', () => {
  const line =
    '100.64.0.2 [21/Oct/2025:14:32:15 +0000] POST "/x\\x22y?q" 201 7 0.250 "curl/8" "100.64.0.99"';

  it('is read by its variables; a forwarded address is never the client', () => {
    expect(hit(line, CUSTOM)).toEqual({
      time: Date.UTC(2025, 9, 21, 14, 32, 15),
      ip: '100.64.0.2',
      method: 'POST',
      path: '/x"y',
      endpoint: '/x"y',
      status: 201,
      responseMs: 250,
      bytes: 7,
      client: 'script',
      host: null,
    });
  });

  it('may have tabs, written as in nginx.conf', () => {
    const format =
      'time:$time_local\\thost:$remote_addr\\turi:$request_uri\\treqtime:$request_time';
    const tabs = 'time:21/Oct/2025:14:32:15 +0000\thost:100.64.0.2\turi:/a?x\treqtime:0.123';
    expect(hit(tabs, format)).toMatchObject({ ip: '100.64.0.2', path: '/a', responseMs: 123 });
  });

  it('may be pasted as the whole directive', () => {
    const pasted = `log_format main escape=default '$remote_addr [$time_local] '\n  '$request_method "$request_uri" $status $body_bytes_sent $request_time "$http_user_agent" "$http_x_forwarded_for"';`;
    expect(hit(line, pasted)).toEqual(hit(line, CUSTOM));
  });

  it('takes no line of another format, which a client could have crafted', () => {
    expect(createLineParser({ format: CUSTOM }).parse(COMBINED)).toContain('after $');
  });

  it("reads Nginx Proxy Manager's log", () => {
    const format =
      '[$time_local] $upstream_cache_status $upstream_status $status - $request_method $scheme $host "$request_uri" [Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio] [Sent-to $server] "$http_user_agent" "$http_referer"';
    const npm =
      '[31/Jul/2026:17:53:30 +0000] - 200 200 - GET https shop.example "/favicon.ico" [Client 100.64.0.7] [Length 14908] [Gzip -] [Sent-to 10.0.0.2] "curl/8" "-"';
    expect(hit(npm, format)).toMatchObject({
      ip: '100.64.0.7',
      path: '/favicon.ico',
      bytes: 14908,
    });
  });

  it.each([
    ['[$time_local] "$request"', 'no $remote_addr'],
    ['$http_x_forwarded_for [$time_local]', 'no $remote_addr'],
    ['$realip_remote_addr [$time_local]', 'no $remote_addr'],
    ['$remote_addr "$request"', 'no time'],
    ['$remote_addr$time_local', 'cannot be told apart'],
    ['log_format main;', 'no quoted format'],
  ])('that cannot work is refused with the reason: %s', (format, reason) => {
    expect(() => createLineParser({ format })).toThrow(reason);
  });
});

describe('24: what people put into ACCESS_LOG_FORMAT', () => {
  const caseLine = (file: string) =>
    readFileSync(
      new URL(`../../../e2e/fixtures/access-log/24-settings/${file}`, import.meta.url),
      'utf8',
    ).trimEnd();
  const STRINGS = `'$remote_addr - $remote_user [$time_local] "$request" '
    '$status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" "$http_x_forwarded_for" $request_time'`;
  const asShown = `    log_format  main  ${STRINGS};

    access_log  /var/log/nginx/access.log  main;
    sendfile        on;
    #tcp_nopush     on;`;

  it.each([
    ['the strings as they stand in nginx.conf', STRINGS],
    ['the same with a semicolon', `${STRINGS};`],
    ['the whole directive', `log_format main ${STRINGS};`],
    ['what grep -A5 shows around it', asShown],
  ])('%s', (_, format) => {
    expect(hit(caseLine('input.log'), format)).toMatchObject({
      time: Date.UTC(2026, 10, 20, 10),
      ip: '100.64.21.1',
      method: 'GET',
      path: '/f',
      status: 200,
      responseMs: 247,
      bytes: 99,
      client: 'browser',
    });
  });

  it.each(['$host', '$http_host'])('%s and $request_uri, with nothing between them', (name) => {
    const format = `$remote_addr $http_x_forwarded_for - $remote_user [$time_local] "$request_method $scheme://${name}$request_uri $server_protocol" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time`;
    expect(hit(caseLine('together.log'), format)).toMatchObject({
      ip: '100.64.21.1',
      method: 'GET',
      path: '/f',
      responseMs: 247,
      bytes: 349,
      host: 'h.home.example',
    });
  });

  it('`combined` is nginx’s format of that name', () => {
    expect(hit(COMBINED, 'combined')).toMatchObject({ ip: '100.64.0.2', path: '/a' });
  });

  it.each([
    ['main', '"main" is the name of a format, not a format'],
    [
      `log_format main ${STRINGS};\nlog_format other '$remote_addr $time_local';`,
      'two log_format directives (main and other)',
    ],
    ['a-access.log=main', '"main" is the name of a format'],
    ['%ci:%cp [%tr] %ft %b', 'option httplog'],
    ['%h %^[%d:%t %^] "%r" %s %b "%R" "%u"', 'GoAccess'],
    ['{common_log} {duration}', "Caddy's placeholders"],
    ['nothing of the kind', "neither nginx's variables ($remote_addr …) nor Apache's directives"],
  ])('%s: says what is wrong', (format, words) => {
    expect(() => formatsOf(format)).toThrow(words);
  });

  it('a format for one log says which it is that cannot work', () => {
    expect(() => formatsOf('good.log=combined;;bad*.log=$status')).toThrow(
      /^bad\*\.log: .*remote_addr/,
    );
    const of = formatsOf('good.log=combined;;/var/log/*.log=auto');
    expect([of('/x/good.log'), of('/var/log/b.log'), of('/x/c.log')]).toEqual([
      'combined',
      undefined,
      undefined,
    ]);
  });
});
