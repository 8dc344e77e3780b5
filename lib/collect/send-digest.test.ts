import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Outbox } from '../alerts/outbox';
import type { DigestPlan } from '../domain/digest';
import type { Message } from '../domain/notice';
import { zoneNamed } from '../domain/time-zone';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { DAY, HOUR, MINUTE } from '../util/time';
import { digestOf } from './digest';
import { SendDigest } from './send-digest';

const ZONE = zoneNamed('Europe/Madrid');
const DAILY: DigestPlan = { weekday: null, minute: 8 * 60, channels: null };
const MONDAYS: DigestPlan = { ...DAILY, weekday: 0 };
/** 2026-11-23 is a Monday; Madrid is an hour ahead of UTC. */
const madrid = (day: number, clock: string) => Date.parse(`2026-11-${day}T${clock}:00+01:00`);

let store: Stores;
let file: string;
let clock: number;
let got: { at: number; message: Message }[];
beforeEach(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'digest-'));
  file = path.join(folder, 'observatory.sqlite');
  store = await openSqliteStores(file);
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  clock = madrid(22, '12:00');
  got = [];
});

/** A process: it runs the job each minute and the outbox with it, until then. */
async function runUntil(end: number, plan = DAILY, sent = true) {
  const now = () => clock;
  const job = new SendDigest({
    ...{ stores: store, plan, channels: ['chat'], zone: ZONE, nonTailnet: false, now },
  });
  const notifier = {
    ...{ name: 'chat', minGapMs: 0 },
    send: async ({ message }: { message: Message }, beforeBytes: () => Promise<void>) => {
      await beforeBytes();
      if (!sent) throw new Error('killed');
      got.push({ at: clock, message });
      return { state: 'sent' as const };
    },
  };
  const outbox = new Outbox({ store, notifier, now });
  for (; clock < end; clock += 10 * MINUTE) {
    await job.run();
    await outbox.run();
  }
}

async function restart() {
  await store.close();
  store = await openSqliteStores(file);
}

describe('the digest', () => {
  it('is sent each day at its time, of the day until then, the first a day after it is set up', async () => {
    await runUntil(madrid(25, '12:00'));
    expect(got.map(({ at }) => at)).toEqual([23, 24, 25].map((day) => madrid(day, '08:00')));
    expect(got[0]?.message.digest).toMatchObject({
      from: madrid(22, '08:00'),
      to: madrid(23, '08:00'),
    });
  });

  it('is sent each week on its day', async () => {
    await runUntil(madrid(30, '12:00'), MONDAYS);
    expect(got.map(({ at }) => at)).toEqual([madrid(23, '08:00'), madrid(30, '08:00')]);
    const { from = 0, to = 0 } = got[1]?.message.digest ?? {};
    expect(to - from).toBe(7 * DAY);
  });

  it('is sent once over restarts, and late where the service was away: of the last period only', async () => {
    await runUntil(madrid(23, '08:05'));
    await restart();
    await runUntil(madrid(23, '20:00'));
    expect(got).toHaveLength(1);
    clock = madrid(26, '15:00');
    await restart();
    await runUntil(madrid(26, '18:00'));
    expect(got.map(({ at }) => at)).toEqual([madrid(23, '08:00'), madrid(26, '15:00')]);
    expect(got[1]?.message.digest?.to).toBe(madrid(26, '08:00'));
  });

  it('is not sent again when the clock is set back, or the process is killed while it is sent', async () => {
    await runUntil(madrid(23, '12:00'));
    clock = madrid(22, '12:00');
    await runUntil(madrid(23, '12:00'));
    expect(got).toHaveLength(1);
    await expect(runUntil(madrid(24, '12:00'), DAILY, false)).rejects.toThrow('killed');
    await restart();
    await runUntil(madrid(24, '12:00'));
    expect(got).toHaveLength(1);
  });

  it('follows the clock of its zone where that changes', async () => {
    clock = Date.parse('2027-03-26T12:00:00+01:00');
    await runUntil(Date.parse('2027-03-29T12:00:00+02:00'));
    expect(got.map(({ at }) => new Date(at).toISOString())).toEqual([
      '2027-03-27T07:00:00.000Z',
      '2027-03-28T06:00:00.000Z',
      '2027-03-29T06:00:00.000Z',
    ]);
    const [, short] = got.map(({ message }) => message.digest);
    expect((short?.to ?? 0) - (short?.from ?? 0)).toBe(23 * HOUR);
  });
});

describe('what a digest says', () => {
  it('is counted from the period alone', async () => {
    const [from, to] = [madrid(22, '08:00'), madrid(23, '08:00')];
    const event = { kind: 'node_added' as const, before: null, after: null };
    await store.events.addEvents([
      { ...event, time: from - 1, nodeId: 'n0', hostname: 'before' },
      { ...event, time: from, nodeId: 'n1', hostname: 'nas' },
      { ...event, time: to - 1, nodeId: 'n2', hostname: 'git' },
      { ...event, time: to, nodeId: 'n3', hostname: 'after' },
    ]);
    const hop = { userName: 'Alice', user: 'alice@example.com', path: 'direct' as const };
    await store.traffic.addTraffic({
      traffic: [
        {
          ...{ ...hop, nodeId: 'n1', hostname: 'nas', region: null, rxBytes: 300, txBytes: 200 },
          ...{ from: from + HOUR, to: from + HOUR + MINUTE },
        },
      ],
      counted: [],
      counters: { at: from, counted: null, devices: [] },
    });
    const digest = await digestOf(store, { from, to }, false);
    expect(digest).toMatchObject({
      ...{ from, to, services: [], availability: [], alerts: { fired: 0, firing: 0 } },
      accesses: { count: 0, before: 0, people: 0, errors: 0 },
      traffic: { rxBytes: 300, txBytes: 200, devices: [{ name: 'nas', bytes: 500 }] },
    });
    expect(digest.changes).toEqual([
      { kind: 'node_added', count: 2, names: expect.arrayContaining(['nas', 'git']) },
    ]);
  });

  it('has how available each device was, and how long it was not', async () => {
    const [from, to] = [Date.UTC(2026, 10, 22), Date.UTC(2026, 10, 23)];
    const round = {
      ...{ time: to - MINUTE, connectionType: 'direct' as const, relayNode: 'none' as const },
      ...{ endpoint: null, latencyAvg: 1, latencyMin: 1, latencyMax: 1, jitter: 0 },
      ...{ sent: 5, received: 5, txBytes: 0, rxBytes: 0 },
    };
    await store.connections.addConnections([
      { ...round, nodeId: 'n1', hostname: 'nas' },
      { ...round, nodeId: 'n2', hostname: 'git' },
    ]);
    for (let time = to - HOUR; time < to; time += MINUTE) {
      const path = time < to - 45 * MINUTE ? ('offline' as const) : ('direct' as const);
      await store.paths.observePaths([{ nodeId: 'n1', time, path }]);
    }
    const { availability } = await digestOf(store, { from, to }, false);
    expect(availability).toEqual([
      { name: 'nas', share: expect.closeTo(0.75, 1), downMs: 15 * MINUTE },
      { name: 'git', share: null, downMs: 0 },
    ]);
  });
});
