import { beforeEach, describe, expect, it } from 'vitest';
import type { Device, TailnetStatus } from '../domain/device';
import { type Judgement, unknownJudgement } from '../domain/judgement';
import { testDevice } from '../domain/test-device';
import type { CountedByPath } from '../domain/traffic';
import { SqliteFile } from '../store/sqlite/file';
import { sqliteStores } from '../store/sqlite/stores';
import { DAY, HOUR, MINUTE, SECOND } from '../util/time';
import { CountTraffic } from './count-traffic';

const T0 = Date.UTC(2026, 10, 20, 10);
const ALL = { from: T0 - 40 * DAY, to: T0 + 40 * DAY };

let file: SqliteFile;
let clock: { wall: number; elapsed: number };
let paths: Record<string, Partial<Judgement>>;
let counted: () => Promise<CountedByPath | null>;
let asked: number;
beforeEach(async () => {
  file = await SqliteFile.open(':memory:');
  clock = { wall: T0, elapsed: 1_000 };
  paths = {};
  counted = async () => null;
  asked = 0;
  return () => file.close();
});

const status = (devices: Device[], run: string | null = 'a'): TailnetStatus => ({
  ...{ tailnet: { name: 'test', magicDnsSuffix: 'tail1234.ts.net' }, devices, run, tun: true },
  ...{ exitNode: null, health: [], version: '1.102', backendState: 'Running' },
});
const nas = (rxBytes: number, more: Partial<Device> = {}) =>
  testDevice('n1', { name: 'nas', rxBytes, txBytes: 0, ...more });

/** A process that counts, with what those before it stored. */
async function aProcess() {
  const { traffic } = sqliteStores(file);
  const counter = new CountTraffic(
    {
      countedByPath: () => {
        asked++;
        return counted();
      },
    },
    { of: (device) => ({ ...unknownJudgement(device), ...paths[device.id] }) },
    { traffic },
    () => clock.wall,
    () => clock.elapsed,
  );
  await counter.restore();
  return {
    async look(devices: Device[], run?: string | null) {
      counter.look(status(devices, run));
      await counter.run();
    },
    counter,
  };
}
const pass = (ms: number) => {
  clock.wall += ms;
  clock.elapsed += ms;
};
const sums = async (step: 'hour' | 'day' = 'hour') => {
  const found = await sqliteStores(file).traffic.trafficSums(step, ALL, null);
  return found.map(({ start, path, region, rxBytes }) => [
    (start - T0) / HOUR,
    region ? `${path}:${region}` : path,
    rxBytes,
  ]);
};

describe('counting traffic', () => {
  it('goes by the path at the time: direct, by a peer, by a region of DERP, or not known', async () => {
    const { look } = await aProcess();
    await look([nas(0)]);
    const by = async (path: Partial<Judgement>, rxBytes: number) => {
      pass(10 * SECOND);
      paths = { n1: path };
      await look([nas(rxBytes)]);
    };
    await by({ path: 'idle' }, 1);
    await by({ path: 'direct' }, 11);
    await by({ path: 'peer_relay' }, 111);
    await by({ path: 'relay', relayRegion: 'fra' }, 1_111);
    expect(await sums()).toEqual([
      [0, 'unknown', 1],
      [0, 'direct', 10],
      [0, 'peer_relay', 100],
      [0, 'relay:fra', 1_000],
    ]);
  });

  it('takes the path of the look before for the end of a transfer, whose path is no longer shown', async () => {
    const { look } = await aProcess();
    paths = { n1: { path: 'direct' } };
    await look([nas(0)]);
    paths = { n1: { path: 'idle' } };
    for (const rxBytes of [5, 7]) {
      pass(10 * SECOND);
      await look([nas(rxBytes)]);
    }
    expect(await sums()).toEqual([
      [0, 'direct', 5],
      [0, 'unknown', 2],
    ]);
  });

  it('says whose device it was, tags in place of a person, and leaves our own out', async () => {
    const { look } = await aProcess();
    const both = (rxBytes: number) => [
      nas(rxBytes),
      testDevice('n2', { name: 'git', rxBytes, tags: ['tag:a', 'tag:b'] }),
      testDevice('n3', { rxBytes, self: true }),
      testDevice('n4', { rxBytes, user: null }),
    ];
    await look(both(0));
    pass(10 * SECOND);
    await look(both(9));
    const found = await sqliteStores(file).traffic.trafficSums('day', ALL, null);
    expect(found.map(({ hostname, user, userName }) => [hostname, user, userName])).toEqual([
      ['nas', 'alice@example.com', 'Alice'],
      ['git', 'tag:a, tag:b', 'tag:a, tag:b'],
      ['n4', 'unknown', 'unknown'],
    ]);
  });

  it('loses nothing that went on while it was not running, and puts it into that time', async () => {
    paths = { n1: { path: 'direct' } };
    await (await aProcess()).look([nas(100)]);
    clock = { wall: T0 + 2 * HOUR, elapsed: 50 };
    await (await aProcess()).look([nas(300)]);
    expect(await sums()).toEqual([
      [0, 'unknown', 100],
      [1, 'unknown', 100],
    ]);
  });

  it('knows the path of what went on over a short restart', async () => {
    paths = { n1: { path: 'direct' } };
    await (await aProcess()).look([nas(100)]);
    clock = { wall: T0 + 30 * SECOND, elapsed: 50 };
    await (await aProcess()).look([nas(300)]);
    expect(await sums()).toEqual([[0, 'direct', 200]]);
  });

  it('counts all since a restart of tailscaled while it was not running', async () => {
    await (await aProcess()).look([nas(100)], 'a');
    clock = { wall: T0 + MINUTE, elapsed: 50 };
    await (await aProcess()).look([nas(300)], 'b');
    expect(await sums()).toEqual([[0, 'unknown', 300]]);
  });

  it('puts bytes after a sleep, or a jump of the clock, where it ran: at the end', async () => {
    const { look } = await aProcess();
    await look([nas(0)]);
    clock = { wall: T0 + 9 * HOUR + 30 * MINUTE, elapsed: clock.elapsed + 10 * SECOND };
    await look([nas(8)]);
    clock = { wall: T0 + 5 * MINUTE, elapsed: clock.elapsed + 10 * SECOND };
    await look([nas(9)]);
    expect(await sums()).toEqual([
      [0, 'unknown', 1],
      [9, 'unknown', 8],
    ]);
  });

  it('starts where the clock is when it was set back while it was not running', async () => {
    await (await aProcess()).look([nas(100)]);
    clock = { wall: T0 - DAY, elapsed: 50 };
    await (await aProcess()).look([nas(107)]);
    expect(await sums('day')).toEqual([[-34, 'unknown', 7]]);
  });

  it('counts what a full disk refused, once there is room', async () => {
    const { look, counter } = await aProcess();
    await look([nas(0)]);
    pass(10 * SECOND);
    file.db.exec('ALTER TABLE traffic RENAME TO away');
    counter.look(status([nas(5)]));
    await expect(counter.run()).rejects.toThrow('traffic');
    file.db.exec('ALTER TABLE away RENAME TO traffic');
    pass(10 * SECOND);
    await look([nas(9)]);
    expect(await sums()).toEqual([[0, 'unknown', 9]]);
  });

  it('has what tailscaled counted by itself beside it', async () => {
    const { look } = await aProcess();
    const bytes = (rxBytes: number) => ({ direct: { rxBytes, txBytes: 0 } });
    counted = async () => bytes(1_000);
    await look([nas(0)]);
    pass(10 * SECOND);
    counted = async () => bytes(1_200);
    await look([nas(190)]);
    const found = await sqliteStores(file).traffic.countedSums('hour', ALL);
    expect(found).toEqual([{ start: T0, path: 'direct', rxBytes: 200, txBytes: 0 }]);
  });

  it('counts all the same where tailscaled does not say, and asks an older one once an hour', async () => {
    const { look } = await aProcess();
    await look([nas(0)]);
    pass(10 * SECOND);
    await look([nas(1)]);
    expect(asked).toBe(1);
    pass(HOUR);
    counted = () => Promise.reject(new Error('no answer'));
    await look([nas(2)]);
    pass(10 * SECOND);
    await look([nas(3)]);
    expect(asked).toBe(3);
    expect((await sums('day'))[0]?.[2]).toBe(3);
  });

  it('forgets no counters of a device that is there, however long they stay as they are', async () => {
    const { look } = await aProcess();
    await look([nas(50)]);
    for (let day = 0; day < 100; day++) {
      pass(DAY);
      await look([nas(50)]);
    }
    await sqliteStores(file).maintenance.prune(clock.wall, { rawDays: 1, rollupDays: 1 });
    pass(10 * SECOND);
    await (await aProcess()).look([nas(50)]);
    const range = { from: 0, to: clock.wall + DAY };
    expect(await sqliteStores(file).traffic.trafficSums('day', range, null)).toEqual([]);
  });
});
