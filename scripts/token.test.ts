import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'token-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const token = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/token.mjs', ...args], {
    env: { ...process.env, DATA_DIR: dataDir },
    encoding: 'utf8',
  });
const kept = () => readFileSync(path.join(dataDir, 'tokens.json'), 'utf8');

describe('npm run token', () => {
  it('prints the token once, last, and keeps only its hash, for this user alone', () => {
    const { stdout, status } = token('--scope', 'ingest', '--name', 'nightly-job');
    expect(status).toBe(0);
    const secret = stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(secret).toMatch(/^obs_nightlyjob_[\w-]{43}$/);
    expect(kept()).not.toContain(secret);
    expect(JSON.parse(kept())).toMatchObject([
      {
        name: 'nightly-job',
        scope: 'ingest',
        sha256: createHash('sha256').update(secret).digest('hex'),
      },
    ]);
    expect(statSync(path.join(dataDir, 'tokens.json')).mode & 0o777).toBe(0o600);
  });

  it('revokes, lists, and never makes two of a name', () => {
    token('--scope', 'read', '--name', 'one');
    token('--scope', 'admin', '--name', 'two');
    expect(token('--scope', 'read', '--name', 'one').stderr).toMatch(/already/);
    token('--revoke', 'one');
    expect(token('--list').stdout).toMatch(/^two {2}admin {2}since \S+\n$/);
    expect(token('--revoke', 'one').status).toBe(1);
  });

  it.each([
    [[]],
    [['--scope', 'root', '--name', 'x']],
    [['--scope', 'read']],
    [['--scope', 'read', '--name', 'a b']],
    [['--nonsense']],
  ])('says how it is used when asked with %j', (args) => {
    const { status, stderr } = token(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(/npm run token -- --scope ingest --name/);
  });
});
