import { expect, it } from 'vitest';
import { patternOf } from './pattern';

it.each([
  ['3 of 14 devices online, quota ok', '<n> of <n> devices online, quota ok'],
  ['High latency to git: 118 ms', 'High latency to git: <n>'],
  ['High latency to git: 1.25 s', 'High latency to git: <n>'],
  ['alice@example.com: mute “Key of workshop-pi expires”', '<user>: mute <name>'],
  ["it's the file '/var/log/a.log'", "it's the file <name>"],
  ['refused by 100.64.0.2:4711 and [fd7a:115c:a1e0::1]:80', 'refused by <address> and <address>'],
  ['since 2026-11-25T08:00:00.000Z, at 14:05:11', 'since <time>, at <time>'],
  ['GET https://git.example/api?x=1 failed', 'GET <url> failed'],
  ['git.tail1234.ts.net is nDemo02CNTRL', '<host> is <id>'],
  ['a 4f00a07b-1c2d of it', 'a <id> of it'],
  ['the ingest thread died: out of memory', 'the ingest thread died: out of memory'],
  ['first line\n  second line', 'first line'],
  ['', '<empty>'],
])('%j is one of %j', (message, pattern) => {
  expect(patternOf(message)).toBe(pattern);
});

it('has a placeholder for the names that the data of a line says', () => {
  const said = 'path changed: alice-phone from relay to direct';
  expect(patternOf(said, { hostname: 'alice-phone', kind: 'path_changed' })).toBe(
    'path changed: <name> from relay to direct',
  );
  expect(patternOf('a banana', { hostname: 'a', device: 7 })).toBe('a banana');
});

it('fits into an address however long the message is, and stays what it is', () => {
  const long = patternOf('word '.repeat(100_000));
  expect(long.length).toBeLessThanOrEqual(300);
  expect(long).toBe(long.trim());
  expect(() =>
    encodeURIComponent(patternOf(`${'🏭'.repeat(148)} ${'🏭'.repeat(9)}`)),
  ).not.toThrow();
});

it('is found quickly, also in what is made to be slow', () => {
  const began = performance.now();
  for (const unit of ['a-', 'a.', 'a@', '1:', 'f:', "'", '“', '1', 'a1_']) {
    patternOf(unit.repeat(5_000));
  }
  expect(performance.now() - began).toBeLessThan(500);
});
