import { describe, expect, it } from 'vitest';
import { createLineParser, type ParsedLine } from '../parse';

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
