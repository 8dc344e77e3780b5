import { Feed } from '../lib/collect/feed';
import { KeepInventory } from '../lib/collect/keep-inventory';
import type { MapFacts } from '../lib/domain/inventory';
import type { TailnetView } from '../lib/domain/tailnet-view';
import { testDevice } from '../lib/domain/test-device';
import { MapReader } from '../lib/tailscale/map-wire';
import { DAY, MINUTE, SECOND } from '../lib/util/time';
import { newStores } from './new-stores';
import { median, ms } from './numbers';
import { printTable, verdict } from './table';

/**
 * Measures what the inventory of 500 devices costs where it costs most: the map is read anew each minute, since the
 * coordination server replaces it as a whole; then how much the database grows by, when each device changes once in
 * four days.
 */

const DEVICES = 500;
const LOOK_MS = 10 * SECOND;
const DAYS = 20;
const CHANGES_EVERY_DAYS = 4;

const { stores, size } = await newStores('inventory');
const begin = Date.now() - DAYS * DAY;
let now = begin;
let map: MapFacts = new Map();

/** A device as a coordination server describes it; about 1.4 kB. */
const node = (i: number, day: number) => ({
  ...{ ID: i + 1, StableID: `nDevice${i}CNTRL`, Name: `device-${i}.bench.ts.net.`, User: 1 },
  ...{ Key: `nodekey:${i.toString(16).padStart(64, 'a')}`, Machine: `mkey:${'b'.repeat(64)}` },
  ...{ DiscoKey: `discokey:${'c'.repeat(64)}`, Addresses: [`100.64.${i >> 8}.${i & 255}/32`] },
  ...{
    AllowedIPs: [`100.64.${i >> 8}.${i & 255}/32`],
    HomeDERP: 4,
    Created: '2026-01-05T10:00:00Z',
  },
  ...{
    Endpoints: Array.from({ length: 4 }, (_, n) => `198.51.100.${n}:41641`),
    Cap: 142,
    Online: true,
  },
  Hostinfo: {
    ...{
      IPNVersion: `1.${90 + Math.floor((day + i) / CHANGES_EVERY_DAYS)}.1-tabc-gdef`,
      OS: 'linux',
    },
    ...{
      OSVersion: '6.12.48+deb13-amd64',
      Container: false,
      Distro: 'debian',
      DistroVersion: '13.1',
    },
    ...{ Hostname: `device-${i}`, Machine: 'x86_64', GoArch: 'amd64', GoVersion: 'go1.26.8' },
    Services: Array.from({ length: 6 }, (_, n) => ({
      Proto: 'tcp',
      Port: 8000 + n,
      Description: 'x',
    })),
    NetInfo: {
      ...{ MappingVariesByDestIP: false, WorkingUDP: true, WorkingIPv6: true, PreferredDERP: 4 },
      DERPLatency: Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${n}-v4`, 0.0123])),
    },
  },
});
const lineOf = (day: number) =>
  JSON.stringify({
    NetMap: {
      SelfNode: node(0, day),
      Peers: Array.from({ length: DEVICES - 1 }, (_, i) => node(i + 1, day)),
    },
  });

const devices = Array.from({ length: DEVICES }, (_, i) =>
  testDevice(`nDevice${i}CNTRL`, { name: `device-${i}` }),
);
const viewNow = (): TailnetView => ({
  ...{ source: 'localapi', location: '', answeredAt: now, stale: false, error: null },
  own: { state: 'ok', reason: '', remedy: '', since: begin, settled: true },
  status: {
    ...{ tailnet: { name: 'bench', magicDnsSuffix: 'bench.ts.net' }, exitNode: null, health: [] },
    ...{ devices: [...devices], version: '1.102', backendState: 'Running', tun: true },
  },
});
let view = viewNow();
const clock = () => now;
const keeper = new KeepInventory(
  { view: () => view },
  { facts: () => map },
  stores,
  new Feed(),
  clock,
  clock,
);

async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const reads: number[] = [];
const looks: number[] = [];
const read = async (line: string) => {
  const reader = new MapReader();
  await reader.take(line);
  map = reader.facts();
};
const look = async () => {
  view = viewNow();
  await keeper.run();
  keeper.described(view);
};
await read(lineOf(0));
await look();
const first = await size();
let bytes = 0;
for (let day = 0; day < DAYS; day++) {
  const line = lineOf(day);
  bytes = line.length;
  for (let minute = 0; minute < 5; minute++) {
    now = begin + day * DAY + minute * MINUTE;
    reads.push(await cpuOf(() => read(line)));
    for (let i = 0; i < 6; i++) {
      now += LOOK_MS;
      looks.push(await cpuOf(look));
    }
  }
}
const grown = (await size()) - first;
const found = await stores.inventory.inventoryChanges({ from: begin, to: now + 1 }, null, 1e6);
await stores.close();

const share = median(reads) / MINUTE + median(looks) / LOOK_MS;
printTable(
  `The inventory of ${DEVICES} devices`,
  ['what', 'measured', 'target', ''],
  [
    [
      `processor time of reading the map, ${Math.round(bytes / 1024)} KiB`,
      ms(median(reads)),
      '',
      '',
    ],
    ['processor time of a look', ms(median(looks)), '', ''],
    ['share of a core', `${(share * 100).toFixed(2)} %`, '0.8 %', verdict(share <= 0.008)],
    ['bytes stored at first, per device', `${Math.round(first / DEVICES)}`, '', ''],
    ['changes per device and day', (found.length / DEVICES / DAYS).toFixed(2), '', ''],
    ['growth per device and day', `${Math.round(grown / DEVICES / DAYS)} bytes`, '', ''],
    ['growth per change', `${Math.round(grown / found.length)} bytes`, '', ''],
  ],
);
