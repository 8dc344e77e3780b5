import { CountTraffic } from '../lib/collect/count-traffic';
import { unknownJudgement } from '../lib/domain/judgement';
import { testDevice } from '../lib/domain/test-device';
import { HOUR, SECOND } from '../lib/util/time';
import { newStores } from './new-stores';
import { median, ms } from './numbers';
import { printTable, verdict } from './table';

/**
 * Measures what counting the traffic of 500 devices costs when each has moved bytes since the last look, and how much the
 * database grows in a day; then the call of the traffic page over it.
 */

const DEVICES = 500;
const LOOK_MS = 10 * SECOND;
const HOURS = 24;
/** Of each hour, that number of looks is made: the others find the same sums. */
const LOOKS = 15;

const { stores, size } = await newStores('traffic-ledger');
const begin = Math.floor(Date.now() / HOUR) * HOUR - HOURS * HOUR;
let now = begin;
const counter = new CountTraffic(
  { countedByPath: async () => ({ direct: { rxBytes: now - begin, txBytes: 0 } }) },
  { of: (device) => ({ ...unknownJudgement(device), path: 'direct' }) },
  stores,
  () => now,
  () => now,
);
const devices = Array.from({ length: DEVICES }, (_, i) =>
  testDevice(`nDevice${i}CNTRL`, { name: `device-${i}` }),
);
const status = {
  ...{ tailnet: { name: 'bench', magicDnsSuffix: 'bench.ts.net' }, exitNode: null, health: [] },
  ...{ version: '1.102', backendState: 'Running', tun: true, run: 'a' },
};
const look = async (n: number) => {
  const seen = devices.map((device) => ({ ...device, rxBytes: n * 1_000, txBytes: n * 100 }));
  const before = process.cpuUsage();
  counter.look({ ...status, devices: seen });
  await counter.run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

const taken: number[] = [];
const empty = await size();
for (let hour = 0; hour < HOURS; hour++) {
  for (let i = 0; i < LOOKS; i++) {
    now = begin + hour * HOUR + (i + 1) * LOOK_MS;
    taken.push(await look(hour * LOOKS + i + 1));
  }
}
const grown = (await size()) - empty;
const cpu = median(taken.slice(LOOKS));
const share = cpu / LOOK_MS;
const perDevice = grown / DEVICES;
const asked: number[] = [];
for (let i = 0; i < 20; i++) {
  const before = process.cpuUsage();
  await stores.traffic.trafficSums('hour', { from: begin, to: now }, null);
  const { user, system } = process.cpuUsage(before);
  asked.push((user + system) / 1_000);
}
await stores.close();

printTable(
  `Counting the traffic of ${DEVICES} devices`,
  ['what', 'measured', 'target', ''],
  [
    ['processor time of a look', ms(cpu), '', ''],
    ['share of a core', `${(share * 100).toFixed(2)} %`, '1 %', verdict(share <= 0.01)],
    ['growth per device and day', `${Math.round(perDevice)} bytes`, '', ''],
    ['processor time of reading the hours of a day', ms(median(asked)), '', ''],
  ],
);
