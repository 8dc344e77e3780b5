import { describe, expect, it } from 'vitest';
import { changesOf, entriesOf, eventsOf, type Facts, factsOf, versionSpread } from './inventory';
import { testDevice } from './test-device';

const T0 = Date.UTC(2026, 10, 20);
const kinds = (before: Facts, after: Facts) =>
  eventsOf(changesOf({ id: 'n1', name: 'nas' }, before, after, T0)).map(({ kind }) => kind);

describe('what is known of a device', () => {
  it('is from the status and the map', () => {
    const device = testDevice('n1', {
      ...{ name: 'nas', relayRegion: 'fra', exitNode: true },
      subnetRoutes: ['10.2.0.0/16', '10.1.0.0/16'],
    });
    expect(factsOf(device, { version: '1.102.5', routes_offered: '' })).toEqual({
      ...{ name: 'nas', owner: 'alice@example.com', tags: '', os: 'linux' },
      ...{ version: '1.102.5', routes_offered: '', routes_approved: '10.1.0.0/16, 10.2.0.0/16' },
      ...{ exit_node: 'yes', home_region: 'fra' },
    });
  });

  it('stays known while it is withheld', () => {
    const known = { version: '1.102.5', owner: 'bob@example.com', os: 'linux', home_region: 'fra' };
    const device = testDevice('n1', { user: null, os: '', relayRegion: null });
    expect(factsOf(device, undefined, known)).toMatchObject(known);
  });

  it('has no owner where there are tags', () => {
    const tags = ['tag:server', 'tag:a,b'];
    expect(factsOf(testDevice('n1', { tags }))).toMatchObject({
      ...{ owner: '', tags: 'tag:server, tag:a b' },
    });
  });

  it('tells none from not known', () => {
    expect([entriesOf(undefined), entriesOf(''), entriesOf('a, b')]).toEqual([
      ...[null, []],
      ['a', 'b'],
    ]);
  });
});

describe('what has changed of a device', () => {
  it('is each field that was known and is another', () => {
    const before = { name: 'nas', version: '1.100.2', os: 'linux' };
    const after = { name: 'nas', version: '1.102.5', os: 'linux', arch: 'arm64' };
    expect(changesOf({ id: 'n1', name: 'nas' }, before, after, T0)).toEqual([
      {
        time: T0,
        nodeId: 'n1',
        hostname: 'nas',
        field: 'version',
        before: '1.100.2',
        after: '1.102.5',
      },
    ]);
  });

  it('is an event where there is none for it yet', () => {
    expect(kinds({ version: '1' }, { version: '2' })).toEqual(['version_changed']);
    expect(kinds({ key: 'a' }, { key: 'b' })).toEqual(['key_renewed']);
    expect(kinds({ routes_offered: '' }, { routes_offered: '10.0.0.0/8' })).toEqual([
      'routes_offered',
    ]);
    expect(
      kinds(
        { name: 'nas', home_region: 'fra', routes_approved: '', nat: 'easy' },
        { name: 'nas-1', home_region: 'ams', routes_approved: '10.0.0.0/8', nat: 'hard' },
      ),
    ).toEqual([]);
  });

  it('is one event when a device is tagged, and one when it changes hands', () => {
    const [ofAlice, ofBob] = [
      { owner: 'alice', tags: '' },
      { owner: 'bob', tags: '' },
    ];
    expect(kinds(ofAlice, { owner: '', tags: 'tag:server' })).toEqual(['tags_changed']);
    expect(kinds({ owner: '', tags: 'tag:server' }, ofBob)).toEqual(['tags_changed']);
    expect(kinds(ofAlice, ofBob)).toEqual(['owner_changed']);
  });
});

describe('the spread of versions', () => {
  it('is newest first, and counts what is not known', () => {
    expect(versionSpread(['1.98.3', '1.102.5', null, '1.102.5', '1.102.10'])).toEqual({
      newest: '1.102.10',
      spread: [
        { version: '1.102.10', devices: 1 },
        { version: '1.102.5', devices: 2 },
        { version: '1.98.3', devices: 1 },
      ],
      unknown: 1,
    });
    expect(versionSpread([null])).toEqual({ newest: null, spread: [], unknown: 1 });
  });
});
