import { describe, expect, it } from 'vitest';
import type { DeviceResponse } from '@/lib/api/schemas';
import { DAY } from '@/lib/util/time';
import { device } from '../test-doubles';
import { USUAL_COLUMNS } from './inventory-columns';
import { inventoryCsv, rowsOf } from './inventory-rows';
import { parseInventoryView } from './inventory-view';

const NOW = Date.UTC(2026, 10, 27);
const ago = (days: number) => new Date(NOW - days * DAY).toISOString();

type Known = Partial<NonNullable<DeviceResponse['inventory']>>;
const known = (name: string, inventory: Known, over: Partial<DeviceResponse> = {}) =>
  device(name, {
    inventory: {
      ...{ first_seen: ago(90), version: null, os_version: null, distro: null, arch: null },
      ...{ distro_version: null, container: null, key: null, routes_offered: null, nat: null },
      ...{ exit_node_offered: null, services: null, home_region: null },
      ...inventory,
    },
    ...over,
  });

const DEVICES = [
  known('new', { version: '1.102.10', routes_offered: ['10.0.0.0/8'] }),
  known(
    'old',
    { version: '1.102.9', routes_offered: ['10.1.0.0/16'] },
    { subnet_routes: ['10.1.0.0/16'], tags: ['tag:server'], key_expiry: ago(-29) },
  ),
  known('older', { version: '1.98.0' }, { os: 'windows', online: false, last_seen: ago(31) }),
  device('silent', { online: null, last_seen: ago(91), key_expiry: ago(-31) }),
  device('never', { online: false, last_seen: null, expired: true }),
];
const shown = (query: string) =>
  rowsOf(DEVICES, parseInventoryView(new URLSearchParams(query), USUAL_COLUMNS), NOW).map(
    ({ hostname }) => hostname,
  );

describe('the devices of the inventory', () => {
  it('are those that are behind the newest version in use', () => {
    expect(shown('show=behind')).toEqual(['old', 'older']);
  });

  it('are those not seen for 30 or 90 days; when is not known of some', () => {
    expect(shown('show=unseen30')).toEqual(['older', 'silent']);
    expect(shown('show=unseen90')).toEqual(['silent']);
  });

  it('are those whose key expires within 30 days, or has', () => {
    expect(shown('show=expiring')).toEqual(['never', 'old']);
  });

  it('are those that offer routes nobody has approved', () => {
    expect(shown('show=unapproved')).toEqual(['new']);
  });

  it('are found by system, tag, version and every word of any column', () => {
    expect(shown('os=windows')).toEqual(['older']);
    expect(shown('tag=tag%3Aserver')).toEqual(['old']);
    expect(shown('version=1.98.0')).toEqual(['older']);
    expect(shown('find=10.1.0.0+SERVER')).toEqual(['old']);
    expect(shown('find=nothing')).toEqual([]);
  });

  it('are in the order of a column, with what is not known last', () => {
    expect(shown('sort=version')).toEqual(['older', 'old', 'new', 'never', 'silent']);
    expect(shown('sort=-version')).toEqual(['new', 'old', 'older', 'never', 'silent']);
  });

  it('are saved as CSV with the columns that are shown', () => {
    const { header, rows } = inventoryCsv(DEVICES.slice(0, 2), ['version', 'routes']);
    expect(header).toEqual(['id', 'name', 'version', 'routes']);
    expect(rows).toEqual([
      ['new', 'new', '1.102.10', '10.0.0.0/8'],
      ['old', 'old', '1.102.9', '10.1.0.0/16'],
    ]);
  });
});
