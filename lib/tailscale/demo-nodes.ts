import type { Classification, Owner } from '../domain/device';

/**
 * When a simulated node is online: always, in working hours, on and off by day, not for weeks, or always until it went
 * down one morning.
 */
type DemoPresence = 'always' | 'workdays' | 'wanders' | 'gone' | 'down';

/** A simulated node: its constant properties, and how it behaves. */
export type DemoNode = {
  id: string;
  hostname: string;
  /** Empty for an external device, as with tailscaled. */
  dnsName: string;
  addresses: [v4: string, v6: string];
  user: Owner;
  tags: string[];
  os: string;
  classification: Classification;
  self: boolean;
  presence: DemoPresence;
  /** When it joined. */
  created: number;
  /** The path its traffic takes most of the time. */
  route: 'direct' | 'peer_relay' | 'relay';
  /** Where it is reached when direct, or its peer relay. */
  endpoint: string;
  homeRegion: string;
  /** Round trip when direct, milliseconds. */
  latencyMs: number;
  /** Share of the time in which it has traffic with us, 0 to 1. */
  busy: number;
  /** Bytes a second received from it on average while it is online. */
  bytesPerSecond: number;
  /** Days until its key expires; null: never. */
  keyDays: number | null;
  exitNode: boolean;
  subnetRoutes: string[];
  /**
   * The share of days on which it has trouble, by kind: slow in the morning, relayed in the evening, on and off at
   * noon.
   */
  trouble: { slow?: number; relayed?: number; flapping?: number };
};

export const demoTailnet = { name: 'demo.example', magicDnsSuffix: 'demo-otter.example' };

const alice: Owner = { id: '4100000000000001', login: 'alice@example.com', name: 'Alice Moreau' };
const bob: Owner = { id: '4100000000000002', login: 'bob@example.com', name: 'Bob Okafor' };
const carol: Owner = {
  id: '4100000000000003',
  login: 'carol@studio.example',
  name: 'Carol Österberg',
};
const dave: Owner = { id: '4100000000000004', login: 'dave@github', name: 'Dave' };
const tagged: Owner = { id: '4100000000000009', login: 'tagged-devices', name: 'Tagged Devices' };

type Differences = Partial<DemoNode> & Pick<DemoNode, 'hostname' | 'user'>;

function node(number: number, differences: Differences): DemoNode {
  return {
    id: `nDemo${String(number).padStart(2, '0')}CNTRL`,
    dnsName: `${differences.hostname}.${demoTailnet.magicDnsSuffix}`,
    addresses: [
      `100.101.102.${number}`,
      `fd7a:115c:a1e0::6501:66${number.toString(16).padStart(2, '0')}`,
    ],
    tags: [],
    os: 'linux',
    classification: 'own',
    self: false,
    presence: 'always',
    created: Date.UTC(2026, 0, 5, 10),
    route: 'direct',
    endpoint: `198.51.100.${number}:41641`,
    homeRegion: 'fra',
    latencyMs: 8,
    busy: 0.7,
    bytesPerSecond: 2_000,
    keyDays: 120,
    exitNode: false,
    subnetRoutes: [],
    trouble: {},
    ...differences,
  };
}

/**
 * The demo tailnet: a small company's, with one example of everything the dashboard can show. Addresses are from
 * documentation ranges and a part of 100.64.0.0/10; ids are as long as real ones. The demo access log takes its clients
 * from here.
 */
export const demoNodes: readonly DemoNode[] = [
  node(1, {
    hostname: 'chocolate-factory',
    user: tagged,
    tags: ['tag:server'],
    self: true,
    keyDays: null,
  }),
  node(2, {
    hostname: 'git',
    user: tagged,
    tags: ['tag:server'],
    endpoint: '192.168.10.12:41641',
    latencyMs: 0.8,
    busy: 0.95,
    bytesPerSecond: 24_000,
    keyDays: null,
  }),
  node(3, {
    hostname: 'chocolate-factory-dev',
    user: tagged,
    tags: ['tag:server', 'tag:dev'],
    endpoint: '203.0.113.23:41641',
    latencyMs: 11,
    busy: 0.9,
    bytesPerSecond: 9_000,
    keyDays: null,
  }),
  node(4, {
    hostname: 'nas',
    user: alice,
    endpoint: '192.168.10.20:41641',
    latencyMs: 1.1,
    busy: 0.8,
    bytesPerSecond: 120_000,
    subnetRoutes: ['192.168.10.0/24'],
  }),
  node(5, {
    hostname: 'exit-ams',
    user: tagged,
    tags: ['tag:exit'],
    endpoint: '[2001:db8:5::5]:41641',
    homeRegion: 'ams',
    latencyMs: 14,
    busy: 0.5,
    bytesPerSecond: 30_000,
    keyDays: null,
    exitNode: true,
    trouble: { relayed: 0.2 },
  }),
  node(6, {
    hostname: 'alice-laptop',
    user: alice,
    os: 'macOS',
    presence: 'workdays',
    latencyMs: 18,
    busy: 0.85,
    bytesPerSecond: 15_000,
    keyDays: 58,
  }),
  node(7, {
    hostname: 'alice-phone',
    user: alice,
    os: 'iOS',
    presence: 'wanders',
    latencyMs: 42,
    busy: 0.35,
    bytesPerSecond: 700,
  }),
  node(8, {
    hostname: 'bob-desktop',
    user: bob,
    os: 'windows',
    presence: 'workdays',
    latencyMs: 23,
    busy: 0.6,
    bytesPerSecond: 6_000,
    keyDays: 91,
  }),
  node(9, {
    hostname: 'bob-laptop',
    user: bob,
    os: 'windows',
    presence: 'workdays',
    route: 'relay',
    endpoint: '198.51.100.9:63122',
    latencyMs: 27,
    busy: 0.8,
    bytesPerSecond: 3_500,
    keyDays: 21,
  }),
  node(10, {
    hostname: 'ci-runner',
    user: tagged,
    tags: ['tag:ci'],
    route: 'peer_relay',
    endpoint: '203.0.113.10:40000',
    homeRegion: 'nyc',
    latencyMs: 56,
    busy: 0.75,
    bytesPerSecond: 12_000,
    keyDays: null,
    trouble: { slow: 0.15 },
  }),
  node(11, {
    hostname: 'workshop-pi',
    user: alice,
    endpoint: '192.168.10.31:41641',
    latencyMs: 3.4,
    busy: 0.4,
    bytesPerSecond: 400,
    keyDays: 6,
  }),
  node(12, {
    hostname: 'old-tablet',
    user: bob,
    os: 'android',
    presence: 'gone',
    busy: 0,
    bytesPerSecond: 0,
    keyDays: 19,
  }),
  node(13, {
    hostname: 'studio-archive',
    dnsName: 'studio-archive.heron-studio.example',
    user: carol,
    classification: 'shared',
    endpoint: '203.0.113.77:41641',
    homeRegion: 'lhr',
    latencyMs: 31,
    busy: 0.25,
    bytesPerSecond: 5_000,
  }),
  node(14, {
    hostname: 'device-of-shared-to-user',
    dnsName: '',
    user: dave,
    os: '',
    classification: 'external',
    presence: 'workdays',
    latencyMs: 36,
    busy: 0.5,
    bytesPerSecond: 1_200,
  }),
  node(15, {
    hostname: 'greenhouse-pi',
    user: alice,
    endpoint: '192.168.10.42:41641',
    latencyMs: 5.2,
    busy: 0.3,
    bytesPerSecond: 300,
    trouble: { flapping: 0.3 },
  }),
  node(16, {
    hostname: 'garage-cam',
    user: alice,
    presence: 'down',
    endpoint: '192.168.10.43:41641',
    latencyMs: 4.1,
    busy: 0.6,
    bytesPerSecond: 40_000,
    keyDays: 74,
  }),
];
