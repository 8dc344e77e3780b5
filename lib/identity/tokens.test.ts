import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Tokens } from './tokens';

const SECRET = 'obs_ci_0123456789abcdefghijklmnop';
const sha256 = createHash('sha256').update(SECRET).digest('hex');
let file: string;
let now: number;
beforeEach(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), 'tokens-')), 'tokens.json');
  now = 0;
});
afterEach(() => rmSync(path.dirname(file), { recursive: true, force: true }));

const store = (text: string) => writeFileSync(file, text);
const stored = (name: string) =>
  store(
    JSON.stringify([{ name, scope: 'ingest', sha256, created_at: '2026-11-25T08:00:00.000Z' }]),
  );
const tokens = (given: ConstructorParameters<typeof Tokens>[1] = []) =>
  new Tokens(file, given, () => now);

describe('a token', () => {
  it('counts at once when it is added to the file, and no longer when it is taken out', () => {
    const registry = tokens();
    expect(registry.check(SECRET, 'a')).toEqual({ kind: 'unknown' });
    stored('one');
    expect(registry.check(SECRET, 'a')).toEqual({ kind: 'known', name: 'one', scope: 'ingest' });
    store('[]');
    expect(registry.check(SECRET, 'a')).toEqual({ kind: 'unknown' });
  });

  it('may be given in the settings', () => {
    const registry = tokens([{ name: 'env', scope: 'read', sha256 }]);
    expect(registry.check(SECRET, 'a')).toEqual({ kind: 'known', name: 'env', scope: 'read' });
  });

  it.each(['{', '[{"name":"x"}]', '[{"name":"x","scope":"root","sha256":"","created_at":""}]'])(
    'counts for nothing while the file is damaged: %s',
    (damaged) => {
      const registry = tokens();
      store(damaged);
      expect(registry.check(SECRET, 'a')).toEqual({ kind: 'unknown' });
      stored('mended');
      expect(registry.check(SECRET, 'a')).toMatchObject({ kind: 'known', name: 'mended' });
    },
  );

  it('has to wait after ten wrong ones from an address in a minute; right ones and others are not held up', () => {
    stored('one');
    const registry = tokens();
    for (let i = 0; i < 10; i++)
      expect(registry.check(`wrong ${i}`, 'a')).toEqual({ kind: 'unknown' });
    expect(registry.check('wrong', 'a')).toEqual({ kind: 'blocked', retryAfterSeconds: 60 });
    expect(registry.check(SECRET, 'a')).toMatchObject({ kind: 'known' });
    expect(registry.check('wrong', 'b')).toEqual({ kind: 'unknown' });
    now += 59_000;
    expect(registry.check('wrong', 'a')).toEqual({ kind: 'blocked', retryAfterSeconds: 1 });
    now += 1_000;
    expect(registry.check('wrong', 'a')).toEqual({ kind: 'unknown' });
  });
});
