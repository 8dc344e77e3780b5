import type { Device } from './device';

/** Returns a device for tests: in our own tailnet, online and direct, unless `more` says otherwise. */
export function testDevice(id: string, more: Partial<Device> = {}): Device {
  const name = more.name ?? id;
  return {
    id,
    name,
    hostname: name,
    dnsName: `${name}.tail1234.ts.net`,
    addresses: ['100.64.0.2'],
    user: { id: '1', login: 'alice@example.com', name: 'Alice' },
    tags: [],
    os: 'linux',
    classification: 'own',
    self: false,
    online: true,
    created: null,
    lastSeen: null,
    lastHandshake: null,
    path: 'direct',
    relayRegion: null,
    endpoint: null,
    rxBytes: 0,
    txBytes: 0,
    keyExpiry: null,
    expired: false,
    exitNode: false,
    exitNodeInUse: false,
    subnetRoutes: [],
    ...more,
  };
}
