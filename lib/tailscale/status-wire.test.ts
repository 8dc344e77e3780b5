import { describe, expect, it } from 'vitest';
import type { Device } from '../domain/device';
import { statusFromBody } from './status-wire';
import { fixture } from './test-doubles';

const now = Date.UTC(2026, 10, 24);

async function devices(name: string): Promise<Map<string, Device>> {
  const status = await statusFromBody(fixture(name), now);
  return new Map(status.devices.map((device) => [device.id, device]));
}

describe('a captured status', () => {
  it('gives our own node first and every peer, with the owner of each', async () => {
    const status = await statusFromBody(fixture('status-direct.json'), now);
    expect(status).toMatchObject({
      tailnet: { name: 'ctl.test', magicDnsSuffix: 'tail.test' },
      backendState: 'Running',
      tun: true,
      version: '1.102.5-ERR-BuildInfo',
      health: [],
    });
    expect(status.devices.map((device) => [device.hostname, device.user?.login])).toEqual([
      ['chocolate-factory', 'alice@example.com'],
      ['nono-desktop', 'bob@example.com'],
      ['chocolate-factory-dev', 'alice@example.com'],
      ['git', 'bob@example.com'],
    ]);
    expect(status.devices[0]).toEqual({
      id: '1',
      name: 'chocolate-factory',
      hostname: 'chocolate-factory',
      dnsName: 'chocolate-factory.tail.test',
      addresses: ['100.64.0.1', 'fd7a:115c:a1e0::1'],
      user: { id: '1', login: 'alice@example.com', name: 'alice@example.com' },
      tags: [],
      os: 'linux',
      classification: 'own',
      self: true,
      online: true,
      created: Date.parse('2026-11-23T23:04:17.751Z'),
      lastSeen: null,
      lastHandshake: null,
      path: 'idle',
      relayRegion: 'fra',
      endpoint: null,
      rxBytes: 0,
      txBytes: 0,
      keyExpiry: null,
      expired: false,
      exitNode: false,
      exitNodeInUse: false,
      subnetRoutes: [],
    });
  });

  it('calls a peer direct while an address is in use, relayed while it is active without one', async () => {
    const direct = (await devices('status-direct.json')).get('2');
    expect(direct).toMatchObject({ path: 'direct', endpoint: '203.0.113.3:41641' });
    const relayed = (await devices('status-relay.json')).get('2');
    expect(relayed).toMatchObject({ path: 'relay', endpoint: null, relayRegion: 'fra' });
  });

  it('never calls an idle peer relayed, though each has a home region', async () => {
    for (const name of ['status-direct.json', 'status-relay.json']) {
      for (const id of ['3', '4']) {
        expect((await devices(name)).get(id)).toMatchObject({ path: 'idle', relayRegion: 'fra' });
      }
    }
  });
});

describe('the constructed status', () => {
  it('tells own, shared and external apart, tagged nodes being own', async () => {
    const all = await devices('status-constructed.json');
    expect(all.get('n1CNTRL')).toMatchObject({
      classification: 'own',
      tags: ['tag:server', 'tag:prod'],
      user: { id: '50', login: 'tagged-devices', name: 'Tagged Devices' },
    });
    expect(all.get('n4CNTRL')?.classification).toBe('shared');
    expect(all.get('n5CNTRL')).toMatchObject({ classification: 'external', dnsName: '' });
    const others = [...all.values()].filter((device) => device.classification !== 'own');
    expect(others.map((device) => device.id)).toEqual(['n4CNTRL', 'n5CNTRL']);
  });

  it('keeps the user id above 2^53 exact, and finds its user', async () => {
    const user = (await devices('status-constructed.json')).get('n4CNTRL')?.user;
    expect(user).toEqual({
      id: '9007199254740993',
      login: 'carol@other.example',
      name: 'Carol Österberg',
    });
  });

  it('leaves Mullvad exit nodes out', async () => {
    const all = await devices('status-constructed.json');
    expect(all.has('n8CNTRL')).toBe(false);
    expect(all.size).toBe(15);
  });

  it('reads every path state', async () => {
    const all = await devices('status-constructed.json');
    expect(all.get('n3CNTRL')).toMatchObject({ path: 'offline', online: false, endpoint: null });
    expect(all.get('n9CNTRL')).toMatchObject({
      path: 'peer_relay',
      endpoint: '203.0.113.9:40000',
      rxBytes: 123456789,
      txBytes: 9876543210,
    });
    expect(all.get('n10CNTRL')).toMatchObject({ path: 'direct', endpoint: '[2001:db8::5]:41641' });
    expect(all.get('n11CNTRL')).toMatchObject({ path: 'idle', relayRegion: 'nyc' });
  });

  it('reads last seen, key expiry and what has expired', async () => {
    const all = await devices('status-constructed.json');
    expect(all.get('n2CNTRL')).toMatchObject({
      keyExpiry: Date.UTC(2026, 10, 25, 9),
      expired: false,
      lastSeen: null,
    });
    expect(all.get('n3CNTRL')).toMatchObject({
      keyExpiry: Date.UTC(2026, 8, 30),
      expired: true,
      lastSeen: Date.UTC(2026, 9, 1, 8, 15, 30, 500),
    });
  });

  it('reads subnet routes and exit nodes', async () => {
    const all = await devices('status-constructed.json');
    expect(all.get('n6CNTRL')).toMatchObject({ subnetRoutes: ['192.168.7.0/24'], exitNode: false });
    expect(all.get('n7CNTRL')).toMatchObject({ subnetRoutes: [], exitNode: true });
  });

  it('gives a hostile host name as it is, for the page to escape', async () => {
    const evil = (await devices('status-constructed.json')).get('n12CNTRL');
    expect(evil?.hostname).toBe('evil"host\\<script>alert(1)</script>');
  });
});
