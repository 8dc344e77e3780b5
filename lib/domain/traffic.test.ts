import { describe, expect, it } from 'vitest';
import {
  type Bytes,
  type CountedByPath,
  growth,
  type LastCounters,
  type TrafficLook,
} from './traffic';

const T0 = Date.UTC(2026, 10, 20);
const NAS = { nodeId: 'n1', hostname: 'nas', user: 'alice@example.com', userName: 'Alice' };
const DIRECT = { path: 'direct', region: null } as const;
const of = (rxBytes: number, txBytes: number): Bytes => ({ rxBytes, txBytes });

type Seen = Record<string, Bytes>;
type More = { run?: string | null; counted?: CountedByPath | null };

/** Looks every ten seconds at devices with these counters, and returns what each look has added for each device. */
function looks(...all: (Seen | [Seen, More])[]) {
  let counters: LastCounters | null = null;
  return all.map((one, i) => {
    const [seen, more] = Array.isArray(one) ? one : [one, {}];
    const at = T0 + i * 10_000;
    const devices = Object.entries(seen).map(([nodeId, bytes]) => ({
      ...NAS,
      ...DIRECT,
      ...bytes,
      nodeId,
    }));
    const { run = 'a', counted = null } = more;
    const look: TrafficLook = { at, from: at - 10_000, run, devices, counted };
    const found = growth(counters, look);
    counters = found.counters;
    for (const { rxBytes, txBytes } of found.traffic) {
      expect(rxBytes).toBeGreaterThanOrEqual(0);
      expect(txBytes).toBeGreaterThanOrEqual(0);
    }
    return {
      ...found,
      byDevice: Object.fromEntries(found.traffic.map((t) => [t.nodeId, [t.rxBytes, t.txBytes]])),
    };
  });
}
const added = (...all: (Seen | [Seen, More])[]) => looks(...all).map(({ byDevice }) => byDevice);

describe('growth', () => {
  it('counts nothing at the very first look, and the difference at each that follows', () => {
    expect(added({ n1: of(500, 90) }, { n1: of(700, 100) }, { n1: of(700, 101) })).toEqual([
      {},
      { n1: [200, 10] },
      { n1: [0, 1] },
    ]);
  });

  it('says whose it was, by which path, and between which looks', () => {
    const [, second] = looks({ n1: of(0, 0) }, { n1: of(5, 6) });
    expect(second?.traffic).toEqual([
      { ...NAS, ...DIRECT, rxBytes: 5, txBytes: 6, from: T0, to: T0 + 10_000 },
    ]);
  });

  it('counts all of what a device shows that was not there at the last look', () => {
    expect(added({}, { n1: of(40, 2) })).toEqual([{}, { n1: [40, 2] }]);
  });

  it('goes on from zero where counters have: an idle device forgotten by tailscaled, or another key', () => {
    const forgotten = [{ n1: of(900, 80) }, { n1: of(0, 0) }, { n1: of(1_000, 90) }];
    expect(added(...forgotten)).toEqual([{}, {}, { n1: [1_000, 90] }]);
    const rekeyed = [{ n1: of(900, 80) }, { n1: of(30, 85) }];
    expect(added(...rekeyed)).toEqual([{}, { n1: [30, 85] }]);
    const onlySentFell = [{ n1: of(900, 80) }, { n1: of(950, 4) }];
    expect(added(...onlySentFell)).toEqual([{}, { n1: [950, 4] }]);
  });

  it('counts all since a restart of tailscaled, however much that is by now', () => {
    expect(
      added([{ n1: of(100, 100) }, { run: 'a' }], [{ n1: of(900, 101) }, { run: 'b' }]),
    ).toEqual([{}, { n1: [900, 101] }]);
  });

  it('counts the least that it can be where a restart cannot be seen', () => {
    const seen: [Seen, More][] = [
      [{ n1: of(100, 100) }, { run: null }],
      [{ n1: of(900, 101) }, { run: null }],
    ];
    expect(added(...seen)).toEqual([{}, { n1: [800, 1] }]);
  });

  it('counts no byte twice when the run was not known at the look just after a restart', () => {
    expect(
      added(
        [{ n1: of(1_000, 1_000) }, { run: 'a' }],
        [{ n1: of(50, 60) }, { run: null }],
        [{ n1: of(70, 60) }, { run: 'b' }],
      ),
    ).toEqual([{}, { n1: [50, 60] }, { n1: [20, 0] }]);
  });

  it('counts a device that vanished and is back on from where it was, and from zero after a restart', () => {
    const back: Seen[] = [{ n1: of(500, 5) }, {}, { n1: of(520, 6) }];
    expect(added(...back)).toEqual([{}, {}, { n1: [20, 1] }]);
    const reset: Seen[] = [{ n1: of(500, 5) }, {}, { n1: of(7, 1) }];
    expect(added(...reset)).toEqual([{}, {}, { n1: [7, 1] }]);
    const restarted: [Seen, More][] = [
      [{ n1: of(500, 5) }, { run: 'a' }],
      [{}, { run: 'b' }],
      [{ n1: of(520, 6) }, { run: 'b' }],
    ];
    expect(added(...restarted)).toEqual([{}, {}, { n1: [520, 6] }]);
  });

  it('keeps devices apart: one that begins anew changes nothing of another', () => {
    expect(added({ n1: of(500, 5), n2: of(9, 9) }, { n1: of(1, 1), n2: of(10, 9) })).toEqual([
      {},
      { n1: [1, 1], n2: [1, 0] },
    ]);
  });

  it('stores the counters that have changed, and no others', () => {
    const found = looks({ n1: of(5, 5), n2: of(1, 1) }, { n1: of(6, 5), n2: of(1, 1) });
    expect(found.map(({ changed }) => changed.map(({ nodeId }) => nodeId))).toEqual([
      ['n1', 'n2'],
      ['n1'],
    ]);
  });

  it('never counts more than there was, whatever happens', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    for (let round = 0; round < 200; round++) {
      let [counter, travelled, run] = [Math.floor(random() * 1_000), 0, 0];
      const seen: [Seen, More][] = [[{ n1: of(counter, 0) }, { run: '0' }]];
      for (let i = 0; i < 30; i++) {
        if (random() < 0.1) counter = 0;
        if (random() < 0.1) [counter, run] = [0, run + 1];
        const more = Math.floor(random() * 500);
        counter += more;
        travelled += more;
        const isKnown = random() < 0.7;
        const isThere = random() < 0.9;
        seen.push([isThere ? { n1: of(counter, 0) } : {}, { run: isKnown ? String(run) : null }]);
      }
      const total = added(...seen).reduce((sum, { n1 }) => sum + (n1?.[0] ?? 0), 0);
      expect(total).toBeLessThanOrEqual(travelled);
    }
  });
});

describe('what tailscaled counts by itself', () => {
  const at = (run: string | null, direct: Bytes, relay?: Bytes): [Seen, More] => [
    {},
    { run, counted: relay ? { direct, relay } : { direct } },
  ];
  const counted = (...all: [Seen, More][]) =>
    looks(...all).map((look) =>
      Object.fromEntries(look.counted.map((c) => [c.path, [c.rxBytes, c.txBytes]])),
    );

  it('is compared by path, and begins where it is first known', () => {
    expect(counted([{}, {}], at('a', of(100, 10)), at('a', of(150, 10), of(3, 4)))).toEqual([
      {},
      {},
      { direct: [50, 0], relay: [3, 4] },
    ]);
  });

  it('begins anew as a whole with another run, or where any of it is less', () => {
    const before = at('a', of(100, 100), of(50, 50));
    expect(counted(before, at('b', of(120, 100), of(60, 50)))[1]).toEqual({
      direct: [120, 100],
      relay: [60, 50],
    });
    expect(counted(before, at(null, of(120, 100), of(1, 1)))[1]).toEqual({
      direct: [120, 100],
      relay: [1, 1],
    });
  });

  it('goes on over a look without an answer, also when tailscaled restarted in it', () => {
    expect(counted(at('a', of(9, 9)), [{}, {}], at('a', of(11, 9)))[2]).toEqual({ direct: [2, 0] });
    expect(counted(at('a', of(9, 9)), [{}, { run: 'b' }], at('b', of(11, 9)))[2]).toEqual({
      direct: [11, 9],
    });
  });
});
