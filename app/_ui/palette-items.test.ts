import { expect, test } from 'vitest';
import { device } from '../vpn/test-doubles';
import { findItems, type PaletteItem, paletteItems, palettePages } from './palette-items';

const item = (label: string, detail = '', kind: PaletteItem['kind'] = 'device'): PaletteItem => ({
  kind,
  label,
  detail,
  keywords: '',
  href: null,
  filter: kind === 'page' || kind === 'action' ? null : { name: kind, value: label },
});
const labels = (items: readonly PaletteItem[]) => items.map(({ label }) => label);

test('nothing loaded yet finds nothing', () => {
  expect(paletteItems(undefined, undefined)).toEqual([]);
});

test('every word must occur, in the label, the detail or the kind', () => {
  const items = [item('nas', 'ana@example.com'), item('/nas', '', 'endpoint')];
  expect(findItems(items, 'NAS ana', 9)).toEqual([items[0]]);
  expect(findItems(items, 'endpoint', 9)).toEqual([items[1]]);
  expect(findItems(items, 'nope', 9)).toEqual([]);
});

test('a label that starts with the query goes first, and the list is bounded', () => {
  const items = [item('x', 'web'), item('my-web'), item('web-1'), item('web-2')];
  expect(labels(findItems(items, 'web', 3))).toEqual(['web-1', 'web-2', 'my-web']);
});

test('devices are found by the state they are in, and lead to their page', () => {
  const devices = [
    device('nas', { path: 'relay' }),
    device('attic', { path: 'offline', online: false }),
    device('git'),
  ];
  const items = paletteItems(
    {
      devices,
      counts: { total: 3, online: 2, own: 3, shared: 0, external: 0 },
      generated_at: '2026-11-24T03:34:11Z',
      source: 'demo',
      exit_node: null,
      stale: false,
      tailnet: { name: 'example.com', magic_dns_suffix: 'tail1.ts.net' },
    },
    undefined,
  );
  expect(labels(findItems(items, 'offline', 9))).toEqual(['attic']);
  expect(labels(findItems(items, 'relay', 9))).toEqual(['nas']);
  expect(findItems(items, 'git', 1)[0]).toMatchObject({
    href: '/vpn/devices/git',
    filter: { name: 'device', value: 'git' },
  });
});

test('pages are found by what is on them, and only by those who may see them', () => {
  for (const word of ['health', 'relay', 'offline', 'alerts']) {
    expect(labels(findItems(palettePages(false), word, 9)), word).toContain('Health');
  }
  expect(labels(palettePages(false))).not.toContain('Audit');
  expect(labels(palettePages(true))).toContain('Audit');
});
