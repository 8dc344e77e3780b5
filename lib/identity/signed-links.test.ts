import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../util/time';
import { SignedLinks } from './signed-links';

const T0 = Date.UTC(2026, 10, 27);
const view = { title: 'Ño & <b>', devices: ['n1CNTRL', 'n2CNTRL'], until: T0 + DAY };

let folder: string;
let file: string;
let now = T0;
let links: SignedLinks;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'links-'));
  file = path.join(folder, 'embed-secret');
  now = T0;
  links = new SignedLinks(file, 'main.1', () => now);
});
afterEach(() => rm(folder, { recursive: true }));

describe('a signed link', () => {
  it('gives its view until it expires, also after a restart', async () => {
    const link = await links.sign(view);
    expect(link).toMatch(/^[\w-]+\.main\.1~[\w-]{43}$/);
    expect(await links.read(link)).toEqual({ state: 'valid', view });
    expect(await new SignedLinks(file, 'main.1', () => now).read(link)).toMatchObject({ view });
    now = T0 + DAY - 1;
    expect((await links.read(link)).state).toBe('valid');
    now = T0 + DAY;
    expect(await links.read(link)).toEqual({ state: 'expired' });
  });

  it('is worth nothing once all are revoked, or the secret is removed; new ones are', async () => {
    const link = await links.sign(view);
    await links.revokeAll();
    expect(await links.read(link)).toEqual({ state: 'invalid' });
    const next = await links.sign(view);
    expect((await links.read(next)).state).toBe('valid');
    await rm(file);
    expect(await links.read(next)).toEqual({ state: 'invalid' });
  });

  it('cannot be forged: any change to it makes it invalid, and never expired', async () => {
    const link = await links.sign(view);
    const payload = (made: object) => Buffer.from(JSON.stringify(made)).toString('base64url');
    const signature = link.slice(link.indexOf('~'));
    const longer = { title: '', devices: view.devices, until: 4_000_000_000 };
    const others = { title: view.title, devices: ['n9CNTRL'], until: (T0 + DAY) / 1_000 };
    const forged = [
      ...[`${payload(longer)}.main.1${signature}`, `${payload(others)}.main.1${signature}`],
      ...[link.slice(0, -1), `${link}A`, link.replace('~', '.'), link.replace('main.1', 'main.2')],
      ...[
        '',
        '~',
        '.',
        'x.main.1~',
        `.main.1${signature}`,
        `${'A'.repeat(5_000)}.main.1${signature}`,
      ],
      ...[`${link.slice(0, link.indexOf('.'))}.main.1~${'A'.repeat(43)}`, link.toUpperCase()],
      ...[`../${link}`, `${link}\n`, link.replace('~', '~~')],
    ];
    for (const one of forged) expect(await links.read(one), one).toEqual({ state: 'invalid' });
    // Every single letter counts. The last one of a signature has two bits that mean nothing.
    for (let at = 0; at < link.length - 1; at++) {
      const changed = `${link.slice(0, at)}${link[at] === 'A' ? 'B' : 'A'}${link.slice(at + 1)}`;
      expect((await links.read(changed)).state, String(at)).toBe('invalid');
    }
    const elsewhere = new SignedLinks(path.join(folder, 'other'), 'main.1', () => now);
    expect((await links.read(await elsewhere.sign(view))).state).toBe('invalid');
  });

  it('is of one secret, however many are made at once, which only this user may read', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => links.sign(view)));
    expect(new Set(made).size).toBe(1);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
    const secret = await readFile(file, 'utf8');
    await links.revokeAll();
    expect(await readFile(file, 'utf8')).not.toBe(secret);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('is not signed with a secret that was typed', async () => {
    await writeFile(file, 'secret');
    await expect(links.sign(view)).rejects.toThrow(/embed-secret is not a secret of ours: remove/);
  });
});
