import { describe, expect, it } from 'vitest';
import { HOUR } from '../util/time';
import type { Device } from './device';
import { testDevice } from './test-device';
import { criticalDevices, ephemeralDevices, isForgotten } from './watched';

const T0 = Date.UTC(2026, 10, 24);
const chosen = (devices: Device[], ...entries: string[]) =>
  criticalDevices(devices, entries).critical.map(({ id }) => id);
const shared = { classification: 'shared' } as const;

describe('which devices are critical', () => {
  it('all of ours that are no phones or laptops, when none is named', () => {
    const devices = [
      testDevice('nSelf', { self: true }),
      testDevice('nServer'),
      testDevice('nPhone', { os: 'iOS' }),
      testDevice('nShared', shared),
      testDevice('nBare', { addresses: [] }),
    ];
    expect(chosen(devices)).toEqual(['nServer']);
  });

  const web1 = testDevice('nW1', { name: 'web-1', tags: ['tag:Web'] });
  const web2 = testDevice('nW2', {
    name: 'web-2',
    hostname: 'ubuntu',
    tags: ['tag:web', 'tag:eu'],
  });
  const db = testDevice('nDB', {
    name: 'db',
    hostname: 'ubuntu',
    addresses: ['fd7a:115c:a1e0::2'],
  });
  const devices = [web1, web2, db];

  it.each<[string, string[]]>([
    ['WEB-1', ['nW1']],
    ['web-2.tail1234.ts.net.', ['nW2']],
    ['nDB', ['nDB']],
    ['[fd7a:115c:a1e0:0::2]', ['nDB']],
    ['tag:WEB', ['nW1', 'nW2']],
    ['tag:w*', ['nW1', 'nW2']],
    ['web-*', ['nW1', 'nW2']],
    ['*.TAIL1234.ts.net.', ['nW1', 'nW2', 'nDB']],
    ['*b', ['nDB']],
    // Two of our own with one OS name: both are included.
    ['Ubuntu', ['nW2', 'nDB']],
  ])('%s names %j', (entry, ids) => {
    expect(chosen(devices, entry)).toEqual(ids);
    expect(criticalDevices(devices, [entry]).unmatched).toEqual([]);
  });

  it('keeps the order of the devices, and each once, whatever the entries', () => {
    expect(chosen(devices, 'db', 'web-*', 'WEB-1', 'tag:web')).toEqual(['nW1', 'nW2', 'nDB']);
  });

  it('a dot in a pattern is a dot', () => {
    expect(chosen([testDevice('nA', { name: 'axb', dnsName: '' })], 'a.*')).toEqual([]);
  });

  it('ours before those shared in, by pattern and by tag too', () => {
    const theirs = testDevice('nT', { ...shared, name: 'web-1', tags: ['tag:web'] });
    for (const entry of ['web-1', 'web-*', 'tag:web']) {
      expect(chosen([theirs, web1], entry)).toEqual(['nW1']);
      expect(chosen([theirs], entry)).toEqual(['nT']);
    }
  });

  it('all of three devices shared in with one name', () => {
    const three = ['n1', 'n2', 'n3'].map((id) => testDevice(id, { ...shared, name: 'pi' }));
    expect(chosen(three, 'pi')).toEqual(['n1', 'n2', 'n3']);
  });

  it('says what matches nothing, with near names; our own device is no mistake', () => {
    const self = testDevice('nSelf', { self: true, name: 'monitor' });
    const { critical, unmatched } = criticalDevices(
      [self, ...devices],
      ['wbe-1', 'tag:wbe', 'monitor', 'zzz*'],
    );
    expect(critical).toEqual([]);
    expect(unmatched.map(({ entry }) => entry)).toEqual(['wbe-1', 'tag:wbe', 'zzz*']);
    expect(unmatched[0]?.near).toContain('web-1');
    expect(unmatched[1]?.near).toContain('tag:web');
  });
});

describe('devices that are not missed', () => {
  const day = 24 * HOUR;
  it.each([
    [29 * day, false],
    [31 * day, true],
  ])('one last seen %i ms ago: %s', (ago, forgotten) => {
    expect(isForgotten(testDevice('n', { online: false }), T0 - ago, T0)).toBe(forgotten);
    const created = testDevice('n', { online: false, created: T0 - ago });
    expect(isForgotten(created, null, T0)).toBe(forgotten);
  });

  it('not one that is online, nor one of which no time is known', () => {
    expect(isForgotten(testDevice('n'), T0 - 400 * day, T0)).toBe(false);
    expect(isForgotten(testDevice('n', { online: false }), null, T0)).toBe(false);
  });

  it('tagged ones that go within hours of joining are ephemeral', () => {
    const runner = { tags: ['tag:ci'], created: T0 - HOUR };
    const all = [
      testDevice('nRunner', runner),
      testDevice('nOld', { ...runner, created: T0 - 7 * HOUR }),
      testDevice('nUser', { created: T0 - HOUR }),
      testDevice('nShared', { ...runner, ...shared }),
    ];
    expect([...ephemeralDevices(all, () => null, T0)]).toEqual(['nRunner']);
    expect([...ephemeralDevices(all, () => T0 - 2 * HOUR, T0)]).toEqual(['nRunner', 'nOld']);
  });
});
