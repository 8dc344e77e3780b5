import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toyCheckout } from './toy-checkout';

let checkout: ReturnType<typeof toyCheckout>;
beforeEach(() => {
  checkout = toyCheckout();
  checkout.write('package.json', '{ "type": "module", "version": "1.2.0" }');
});
afterEach(() => checkout.remove());

const notes = (tag: string) =>
  checkout.node([path.join(checkout.folder, 'scripts/release-notes.mjs'), tag]).ended;

describe('release notes', () => {
  it('are the changelog’s section of that version', async () => {
    checkout.write(
      'CHANGELOG.md',
      '# Changelog\n\n## [1.2.0] - 2026-12-01\n\n### Added\n\n- new\n\n## [1.1.0] - 2026-11-01\n\n- old\n',
    );
    expect(await notes('v1.2.0')).toMatchObject({ code: 0, stdout: '### Added\n\n- new\n' });
  });

  it.each([
    ['a tag that is not the version of package.json', 'v1.2.1', '## [1.2.1] - 2026-12-01'],
    ['a version that the changelog does not have', 'v1.2.0', '## [1.1.0] - 2026-11-01'],
    ['a version without a date', 'v1.2.0', '## [1.2.0] - unreleased'],
  ])('refuse %s', async (_what, tag, changelog) => {
    checkout.write('CHANGELOG.md', changelog);
    const { code, stderr } = await notes(tag);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

it('the changelog begins with the version of package.json, and the lock file has it too', () => {
  const version = (file: string): string => JSON.parse(readFileSync(file, 'utf8')).version;
  const [newest] = /(?<=^## \[)\d[^\]]*/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];
  expect(newest).toBe(version('package.json'));
  expect(version('package-lock.json')).toBe(version('package.json'));
});
