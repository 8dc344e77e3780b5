import { expect, it } from 'vitest';
import { maskPath, maskSecrets } from './mask-secrets';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJNQVJLRVIifQ.MARKER-signature_x';

it.each([
  ['100.64.0.2 - - [x] "GET /r?token=MARKER HTTP/1.1" 200 1', 'GET /r?… HTTP/1.1" 200 1'],
  ['"GET /r?q=a MARKER b HTTP/1.1" 200', '"GET /r?… HTTP/1.1" 200'],
  ['shop|1.2.3.4|GET /cb?code=MARKER&state=MARKER|200', 'GET /cb?…'],
  ['"-" "https://ana:MARKER@h.example/MARKER#access_token=MARKER" "x"', '"-" "https://…" "x"'],
  ['GET http:\\/\\/ana:MARKER@h.example\\/x', 'GET http://…'],
  ['"CONNECT ana:MARKER@h.example:443 HTTP/1.1"', '"CONNECT …@h.example:443 HTTP/1.1"'],
  ['GET /a;jsessionid=MARKER/b', 'GET /a;…/b'],
  ['GET /a%3Ftoken=MARKER HTTP/1.1', 'GET /a%3F… HTTP/1.1'],
  ['GET /a\\x3Ftoken=MARKER HTTP/1.1', 'GET /a\\x3F… HTTP/1.1'],
  ['GET /page#MARKER HTTP/1.1', 'GET /page#… HTTP/1.1'],
  [
    '{"request":{"headers":{"Cookie":["MARKER"],"Authorization":["Bearer MARKER"]}}}',
    '"Cookie":["…',
  ],
  ['"headers":{"Cookie":["a=1; b=MARKER; c=MARKER"],"Accept":["x"]}', '"Cookie":["…"]'],
  ['{\\"password\\":\\"MARKER\\"}', '{\\"password\\":\\"…\\"}'],
  ['authorization: Basic TUFSS0VSTUFSS0VS', 'Basic …'.slice(-1)],
  [`GET /share-me/${JWT}/x`, 'GET /share-me/…/x'],
  ['GET /invite/MARKER/x HTTP/1.1', 'GET /invite/…/x HTTP/1.1'],
  ['GET /index.php/lostpassword/reset/form/MARKER/ana HTTP/1.1', 'lostpassword/reset/form/…'],
  ['GET /accounts/password/reset/key/MA-MARKER/ HTTP/1.1', '/reset/key/…/ HTTP/1.1'],
  ['GET /email/verify/12/MARKER HTTP/1.1', 'GET /email/verify/…/… HTTP/1.1'],
  ['GET /api/webhooks/123456789/MARKER HTTP/1.1', 'GET /api/webhooks/…/… HTTP/1.1'],
  ['GET /services/T024BE7LD/B02DFQ1/MARKER HTTP/1.1', '/T024BE7LD/B02DFQ1/… HTTP/1.1'],
  ['GET /proxy/https%3A%2F%2Fana%3AMARKER%40h.example/x', 'GET /proxy/…%40h.example/x'],
  ['GET /public.php/dav/files/MARKER/a.txt HTTP/1.1', '/dav/files/…/a.txt HTTP/1.1'],
  ['GET /dl/AKIAMARKEREXAMPLE12', 'GET /dl/…'],
  ['{"request_Cookie":"s=MARKER; t=MARKER","http_cookie":"a=1; b=MARKER"}', '"http_cookie":"…"'],
  ['{"authToken":"MARKER","X-Gotify-Key":["MARKER"],"csrfmiddlewaretoken":"MARKER"}', '"…"'],
  ['{"args":"code=MARKER&state=MARKER","request_body":"user=ana&x=MARKER"}', '"args":"…"'],
  ['GET /bot123456:MARKER-x/sendMessage', 'GET /bot…/sendMessage'],
  ['GET /dl/0a1b2c3d4e5f6MARKER7a8b9c', 'GET /dl/…'],
  ['GET /dl/3fMARKER9a8b7c6d5e4f-aZ19', 'GET /dl/…'],
])('of %s nothing secret is left', (line, rest) => {
  const masked = maskSecrets(line);
  expect(masked).not.toContain('MARKER');
  expect(masked).not.toMatch(/TUFSS0VS|eyJ/);
  expect(masked).toContain(rest);
  expect(maskSecrets(masked)).toBe(masked);
});

it.each([
  '100.64.9.4 - - [40/Nov/2026:10:00:00 +0000] "GET /index.php/apps/files HTTP/1.1" 200 99 "-"',
  '"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0" 0.021',
  'fd7a:115c:a1e0::9:1 2026-11-20T10:00:00.123456+00:00 192.168.178.200:51312',
  '# opened by logrotate',
  'not an IP address: "printer.lan"',
  'GET /photos/IMG_20241120_101112_123.jpg /my-photo-album-2024-11-20/TheLongNameOfSomething',
  'GET /assets/main-app.bundle.8f3a2b1c.js',
])('what is no secret stays: %s', (line) => expect(maskSecrets(line)).toBe(line));

it('takes no time for a hostile line', () => {
  const started = performance.now();
  for (const piece of ['? ', 'a:', ';a', '/reset/', 'eyJaaaaaa.', '://', 'token=', 'aA1']) {
    maskSecrets(piece.repeat(40_000));
  }
  expect(performance.now() - started).toBeLessThan(2_000);
});

it.each([
  ['/a;jsessionid=MARKER/b', '/a;…/b'],
  [`/verify-me/${JWT}`, '/verify-me/…'],
  ['/share/MARKER', '/share/…'],
  ['/dl/3fMARKER9a8b7c6d5e4f7z', '/dl/…'],
  ['/photos/3f2c1a9e-1b1c-4c55-9a0e-1f7c1c3f5c11', '/photos/3f2c1a9e-1b1c-4c55-9a0e-1f7c1c3f5c11'],
  [
    '/remote.php/dav/files/ana/Mein%20Urlaub%202024',
    '/remote.php/dav/files/ana/Mein%20Urlaub%202024',
  ],
  ['/album/7', '/album/7'],
  ['/index.php/s/MARKER/download', '/index.php/s/…/download'],
  ['/reset/MARKER/MARKER/done', '/reset/…/…/done'],
  ['/consent-token/MARKER/accept', '/consent-token/…/accept'],
  ['/unsubscribe/weekly/MARKER/MARKER', '/unsubscribe/…/…/…'],
  ['/confirm-password-reset/MARKER', '/confirm-password-reset/…'],
  ['/password_reset/MARKER', '/password_reset/…'],
  ['/api/push/MARKERaQ9x', '/api/push/…'],
  ['/ping/8a4d0e5e-1111-4c55-9a0e-1f7c1c3f5c11', '/ping/…'],
  ['/api/opds/8a4d0e5e-1111-4c55-9a0e-1f7c1c3f5c11', '/api/opds/…'],
  ['/p%3Ftoken=MARKER', '/p%3F…'],
  ['/x/api_key=MARKER', '/x/api_key=…'],
  ['//ana:MARKER@h.example/x', '//…@h.example/x'],
  ['/(S(MARKER))/default.aspx', '/…/default.aspx'],
  ['/shared/photos/2024', '/shared/photos/2024'],
  ['/api/tokens', '/api/tokens'],
  ['/sessions/new', '/sessions/new'],
  ['/feeds/all2.atom.xml', '/feeds/all2.atom.xml'],
  ['/_matrix/client/v3/profile/@ana:h.example/x', '/_matrix/client/v3/profile/@ana:h.example/x'],
])('a path as it is shown: %s', (path, shown) => expect(maskPath(path)).toBe(shown));
