import { describe, expect, it } from 'vitest';
import type { AccessFilter } from '../domain/access';
import { DAY, HOUR, MINUTE } from '../util/time';
import type { HitReader } from './hit-source';
import { QueryEngine } from './query-engine';
import { answer, answerAsync, type Needs, type Question } from './question';
import type { WantedVisitors } from './slices';
import { MemorySource, T0 } from './test-doubles';

const ALL: AccessFilter = { bots: false, nonTailnet: false };
const RANGE = { from: T0 + 17 * MINUTE, to: T0 + 9 * DAY + 5 * MINUTE };
const FILTERS: AccessFilter[] = [
  ALL,
  { bots: true, nonTailnet: true },
  { ...ALL, endpoint: '/e3' },
  { ...ALL, status: { class: 5 } },
  { ...ALL, device: 'device-2', status: { code: 200 } },
  { ...ALL, user: 'nobody' },
  { ...ALL, host: 'git.example.org' },
  { ...ALL, host: { is: [], not: ['(none)'] }, endpoint: { is: [{ prefix: '/e' }], not: ['/e3'] } },
  { ...ALL, text: 'PHOTOS', device: { is: ['device-1', 'n2'], not: [] } },
];
const PATHS = [
  { nodeId: 'n1', from: T0, to: T0 + 2 * DAY, path: 'direct' as const },
  { nodeId: 'n2', from: T0, to: T0 + 9 * DAY, path: 'relay' as const },
];

/** Every question of the engine, as functions that ask it anew. */
const questions = (engine: QueryEngine): (() => Question<unknown>)[] => [
  ...FILTERS.flatMap((filter) => [
    () => engine.usage(RANGE, filter),
    () => usageOf(engine, filter),
    () => engine.totals(RANGE, filter),
    () => engine.hits(RANGE, filter, 40, null),
    () => engine.hits(RANGE, filter, 40, `${T0 + 5 * DAY}-1-0`),
  ]),
  () => engine.speedByPath(RANGE, PATHS),
];

function* usageOf(engine: QueryEngine, filter: AccessFilter): Question<unknown> {
  return yield* engine.withLastAccesses(yield* engine.usage(RANGE, filter), RANGE, filter);
}

/** A database far away: what is loaded can be read until more is, and nothing else can. */
class RemoteSource {
  readonly loads: Needs[] = [];

  constructor(
    private readonly memory: MemorySource,
    private readonly meanwhile: () => void = () => {},
  ) {}

  readonly load = async (needs: Needs): Promise<HitReader> => {
    this.loads.push(needs);
    await Promise.resolve();
    this.meanwhile();
    const { memory } = this;
    const needed = (resolution: number, start: number) => {
      const has = needs.rollUps.some((r) => r.resolution === resolution && r.start === start);
      if (!has) throw new Error(`the roll-up ${resolution} ${start} was not asked for`);
    };
    return {
      rows: (resolution, start, wanted) => {
        needed(resolution, start);
        return memory.rows(resolution, start, wanted);
      },
      rollUp: (resolution, start, wanted) => {
        needed(resolution, start);
        return memory.rollUp(resolution, start, wanted);
      },
      blocks: (hour) => {
        if (!needs.hours.includes(hour)) throw new Error(`the hour ${hour} was not asked for`);
        // A database far away gives all it has loaded, whichever visitors are wanted.
        return memory.blocks(hour);
      },
    };
  };
}

describe('the query engine', () => {
  it('answers from a database far away as from one at hand, reading only what it has asked for', async () => {
    const memory = MemorySource.withHits(10 * 24 * 8);
    const near = questions(new QueryEngine(memory));
    const far = questions(new QueryEngine(memory));
    for (const again of [1, 2]) {
      for (const [i, question] of near.entries()) {
        const remote = new RemoteSource(memory);
        const expected = answer(question(), memory);
        expect(await answerAsync(far[i]!(), remote.load), `${i}, time ${again}`).toEqual(expected);
      }
    }
  });

  it('plans all of a range beforehand: one load, however long the range', async () => {
    const memory = MemorySource.withHits(10 * 24 * 8);
    const remote = new RemoteSource(memory);
    const engine = new QueryEngine(memory);
    await answerAsync(engine.usage(RANGE, ALL), remote.load);
    await answerAsync(engine.totals(RANGE, ALL), remote.load);
    expect(remote.loads).toHaveLength(2);
    for (const { hours } of remote.loads) expect(hours).toEqual([T0, T0 + 9 * DAY]);
  });

  it('loads no roll-ups for a question that it remembers', async () => {
    const memory = MemorySource.withHits(2_000);
    const engine = new QueryEngine(memory);
    for (const ask of [
      () => engine.usage(RANGE, ALL),
      () => engine.totals(RANGE, ALL),
      () => engine.usage(RANGE, { ...ALL, endpoint: '/e3' }),
    ]) {
      const first = new RemoteSource(memory);
      const again = new RemoteSource(memory);
      const answered = await answerAsync<unknown>(ask(), first.load);
      expect(await answerAsync<unknown>(ask(), again.load)).toEqual(answered);
      expect(first.loads.flatMap(({ rollUps }) => rollUps)).not.toEqual([]);
      expect(again.loads.flatMap(({ rollUps }) => rollUps)).toEqual([]);
    }
  });

  it('reads an hour of a list only when its roll-up has a match', async () => {
    const memory = MemorySource.withHits(10 * 24 * 8);
    const rare: AccessFilter = { ...ALL, endpoint: '/rare' };
    memory.add({ time: T0 + 3 * DAY, endpoint: '/rare' });
    const remote = new RemoteSource(memory);
    const engine = new QueryEngine(memory);
    const page = await answerAsync(engine.hits(RANGE, rare, 40, null), remote.load);
    expect(page.hits).toHaveLength(1);
    expect(remote.loads.flatMap(({ hours }) => hours)).toEqual([T0 + 3 * DAY]);
    remote.loads.length = 0;
    expect(await answerAsync(engine.hits(RANGE, rare, 40, null), remote.load)).toEqual(page);
    expect(remote.loads.flatMap(({ rollUps, hours }) => [...rollUps, ...hours])).toEqual([]);
  });

  it('reads, of a rare kind, only the hours and slices that may have any', () => {
    const memory = MemorySource.withHits(10 * 24 * 8);
    // The user has two devices, and hits in every hour.
    const rare: AccessFilter = { ...ALL, user: 'user-0', endpoint: '/rare' };
    const engine = new QueryEngine(memory);
    const hours: number[] = [];
    const blocks: unknown[] = [];
    const source = Object.assign(Object.create(memory) as MemorySource, {
      rows: (resolution: number, start: number, wanted: WantedVisitors) => {
        if (resolution === HOUR && start < T0 + 4 * DAY) hours.push(start);
        return memory.rows(resolution, start, wanted);
      },
      blocks: (hour: number, wanted: WantedVisitors) => {
        blocks.push([hour, wanted]);
        return memory.blocks(hour, wanted);
      },
    });
    const list = () => {
      hours.length = 0;
      blocks.length = 0;
      const { hits } = answer(engine.hits(RANGE, rare, 40, null), source);
      return hits.map(({ time, ip }) => [time, ip]);
    };
    const hour = T0 + 3 * DAY + 3 * HOUR;
    const first = [hour, '100.64.0.2'] as const;
    memory.add({ time: first[0], ip: first[1], endpoint: '/rare' });
    expect(list()).toEqual([first]);
    // Of six hours the newest, up to the one that has all there are.
    expect(hours).toEqual([hour + 2 * HOUR, hour + HOUR, hour]);
    expect(blocks).toEqual([[hour, [{ first: 2, last: 2 }]]]);
    expect(list()).toEqual([first]);
    expect(blocks).toEqual([]);
    // A late one of the other device is found, in the same hour and in an older one.
    const late = [hour + MINUTE, '100.64.0.0'] as const;
    const older = [hour - 2 * HOUR, '100.64.0.0'] as const;
    for (const [time, ip] of [late, older]) memory.add({ time, ip, endpoint: '/rare' });
    expect(list()).toEqual([late, first, older]);
    const both = [
      { first: 0, last: 0 },
      { first: 2, last: 2 },
    ];
    expect(blocks).toEqual([
      [hour, both],
      [hour - 2 * HOUR, both.slice(0, 1)],
    ]);
  });

  it('counts hits that arrive, with new names, while it loads, and remembers nothing wrong', async () => {
    const memory = MemorySource.withHits(200);
    const engine = new QueryEngine(memory);
    let more = 0;
    const remote = new RemoteSource(memory, () => {
      more++;
      memory.add({ time: T0 + HOUR, endpoint: `/new-${more}`, ip: `100.64.9.${more}` });
    });
    const range = { from: T0, to: T0 + 9 * DAY };
    const before = answer(engine.totals(range, ALL), memory).hits;
    for (const filter of [ALL, { ...ALL, status: { class: 2 } }]) {
      for (let i = 0; i < 3; i++) {
        const usage = await answerAsync(engine.usage(range, filter), remote.load);
        expect(usage).toEqual(answer(new QueryEngine(memory).usage(range, filter), memory));
        const totals = await answerAsync(engine.totals(range, filter), remote.load);
        expect(totals).toEqual(answer(new QueryEngine(memory).totals(range, filter), memory));
        await answerAsync(engine.hits(range, filter, 1_000, null), remote.load);
      }
      const fresh = new QueryEngine(memory);
      for (const ask of [
        (e: QueryEngine) => answer<unknown>(e.usage(range, filter), memory),
        (e: QueryEngine) => answer<unknown>(e.totals(range, filter), memory),
        (e: QueryEngine) => answer<unknown>(e.hits(range, filter, 1_000, null), memory),
      ]) {
        expect(ask(engine)).toEqual(ask(fresh));
      }
    }
    expect(answer(engine.totals(range, ALL), memory).hits).toBe(before + more);
  });

  it('counts each host as its hits alone would be counted', () => {
    const memory = MemorySource.withHits(10 * 24 * 8);
    // Two that have been idle, one for days.
    memory.add({ time: T0 + 3 * DAY + 1_234, endpoint: '/', host: 'old.example.org' });
    memory.add({ time: RANGE.to - 2 * HOUR, endpoint: '/', host: 'new.example.org' });
    const engine = new QueryEngine(memory);
    for (const filter of FILTERS) {
      const usage = answer(engine.usage(RANGE, filter), memory);
      const { byHost } = answer(engine.withLastAccesses(usage, RANGE, filter), memory);
      const { hits } = answer(engine.hits(RANGE, filter, 10_000, null), memory);
      const hosts = new Set(hits.map(({ host }) => host));
      expect(new Set(byHost.map(({ host }) => host))).toEqual(hosts);
      for (const counted of byHost) {
        const own = hits.filter(({ host }) => host === counted.host);
        const of = <T>(value: (hit: (typeof own)[number]) => T) => new Set(own.map(value)).size;
        expect(counted).toMatchObject({
          hits: own.length,
          users: of(({ user }) => user),
          devices: of(({ device }) => device),
          errors: own.filter(({ status }) => (status ?? 0) >= 400).length,
          bytes: own.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
          lastAccess: own[0]?.time,
          series: usage.series.map(
            ({ time }) =>
              own.filter((hit) => hit.time >= time && hit.time < time + usage.stepMs).length,
          ),
        });
        const alone: AccessFilter = { ...filter, host: counted.host ?? '(none)' };
        if (filter.host !== undefined) continue;
        const { p50Ms, p95Ms } = answer(engine.usage(RANGE, alone), memory);
        expect([counted.p50Ms, counted.p95Ms]).toEqual([p50Ms, p95Ms]);
      }
    }
  });
});
