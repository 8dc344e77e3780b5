import { expect, it } from 'vitest';
import { endpointOf } from './endpoint';
import { targetOf } from './request';

it.each([
  ['/', '/'],
  ['//', '/'],
  ['/a//b/', '/a/b'],
  ['/a?token=secret#x', '/a'],
  ['/users/123/orders/0f8fad5b-d9cb-469f-a165-70867728950e', '/users/:id/orders/:id'],
  ['/c/9fceb02d0ae598e95dc970b74767f193', '/c/:id'],
  ['/e/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/e/:id'],
  ['/t/a1b2c3d4e5f6g7h8i9j0', '/t/:id'],
  ['/t/dGhpcyBpcyBhIHRva2Vu_0Q-', '/t/:id'],
  ['/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', '/t/:id'],
  ['/blog/my-post-about-the-2024-olympics', '/blog/my-post-about-the-2024-olympics'],
  ['/v1/health', '/v1/health'],
  ['/s/chunk-8f3a2b1c.js', '/s/chunk-:hash.js'],
  ['/s/app.8f3a2b1c.min.css', '/s/app.:hash.min.css'],
  ['/s/index-BfX3kq2_.js', '/s/index-:hash.js'],
  ['/s/8f3a2b1c.js.map', '/s/:hash.js.map'],
  ['/s/user-settings.js', '/s/user-settings.js'],
  ['/s/jquery-3.6.0.min.js', '/s/jquery-3.6.0.min.js'],
  ['/a;jsessionid=1/b;v=2', '/a/b'],
  ['/a%20b/%C3%B1', '/a b/ñ'],
  ['/a%2Fb%3Fc%00', '/a%2Fb%3Fc%00'],
  ['/%ff%zz', '/%ff%zz'],
  ['/1/2/3/4/5/6/7/8/9/10', `${'/:id'.repeat(8)}/…`],
  ['*', '*'],
  ['host:443', '(malformed)'],
])('%s counts as %s', (path, endpoint) => expect(endpointOf(path)).toBe(endpoint));

it('is at most 200 characters, and ends between characters', () => {
  const endpoint = endpointOf(`/${'a'.repeat(197)}😀😀`);
  expect(endpoint.length).toBeLessThanOrEqual(200);
  expect(endpoint).toBe(`/${'a'.repeat(197)}…`);
});

it('normalising what is normalised changes nothing', () => {
  for (const path of ['/users/:id', '/s/chunk-:hash.js', '/a b/ñ'])
    expect(endpointOf(path)).toBe(path);
});

it.each([
  ['/reset/ab12?x=1', '/reset/:id'],
  ['/share/summer;jsessionid=AB12', '/share/:id'],
  ['/api/bot123456:AAE-x/getMe', '/api/:id/getMe'],
  ['/a;jsessionid=AB12', '/a'],
  ['/assets/index-DkV7nQ2a1bX9.js', '/assets/index-:hash.js'],
])('what masking hides of %s is an id: %s', (path, endpoint) =>
  expect(targetOf(path).endpoint).toBe(endpoint),
);
