import { describe, expect, it } from 'vitest';
import type { Reading } from '../domain/alert';
import { alertEvidence, alertTitle } from '../domain/alert-texts';
import type { OpenAlert } from '../domain/notice';
import { say, verbatim } from '../domain/said';
import { inLanguage } from '../i18n/on-server';
import { MINUTE } from '../util/time';
import { BadTimes } from './bad-times';
import { step, type Transition } from './machine';
import { line } from './reading';
import { circumstances, evidence, reading, seeded, T0 } from './test-doubles';

const NOBODY = new Set<string>();
const STATES = { b: 'bad', g: 'good', '~': 'between' } as const;

/** Runs a sequence of rounds, a minute apart: b(ad), g(ood), ~ between, . no reading, x the device was removed. */
function play(sequence: string, limits: Partial<Reading>) {
  let open: OpenAlert[] = [];
  let nextId = 1;
  const times = new BadTimes();
  return [...sequence].map((sign, i) => {
    const state = STATES[sign as keyof typeof STATES];
    const readings = state ? [reading('t', state, { nodeId: 'n1', ...limits })] : [];
    const removed = sign === 'x' ? new Set(['n1']) : NOBODY;
    times.count(readings, i * MINUTE);
    const badForMs = (topic: string) => times.of(topic);
    const now = T0 + i * MINUTE;
    const result = step(open, readings, circumstances({ now, nextId, badForMs, removed }));
    open = result.open;
    nextId = Math.max(nextId, ...result.changed.map(({ alert }) => alert.id + 1));
    const kind = result.transitions[0]?.kind;
    if (kind) return kind[0]?.toUpperCase();
    if (result.vanished.length > 0) return 'v';
    return open[0] ? open[0].alert.state[0] : '-';
  });
}

describe('an alert', () => {
  // The result of each round: - nothing, p(ending), F(ires), f(iring), R(esolves), E(scalates), v(anishes).
  it.each<[string, Partial<Reading>, string, string]>([
    ['fires at the second bad round', {}, 'bbbb', 'pFff'],
    ['fires at once when one round is enough', { raiseRounds: 1 }, 'bb', 'Ff'],
    ['vanishes without a word when it turns good before firing', {}, 'bgbgb', 'pvpvp'],
    ['counts bad rounds from the start again after a good one', {}, 'bgbb', 'pvpF'],
    ['needs as many good rounds to clear', {}, 'bbgbgg', 'pFfffR'],
    ['clears at once when one good round is enough', { clearRounds: 1 }, 'bbg', 'pFR'],
    ['does not fire again while it flaps', {}, 'bbgbgbgbgg', 'pFfffffffR'],
    ['fires anew after it was resolved', { clearRounds: 1 }, 'bbgbb', 'pFRpF'],
    ['changes nothing between the thresholds', {}, 'b~~b~g~g', 'pppFfffR'],
    ['never begins between the thresholds', {}, '~~~', '---'],
    ['stays as it is without a reading: unknown is not good', {}, 'b..b...g..g', 'pppFffffffR'],
    ['ends when its device is removed', {}, 'bbx.', 'pFR-'],
    ['vanishes when its device is removed before it fires', {}, 'bx.', 'pv-'],
    [
      'waits as long as it must be bad',
      { raiseRounds: 1, raiseAfterMs: 3 * MINUTE },
      'bbbbb',
      'pppFf',
    ],
    [
      'waits for both the time and the rounds',
      { raiseRounds: 3, raiseAfterMs: MINUTE },
      'b.bb',
      'pppF',
    ],
    [
      'counts the time from the start again after a good round',
      { raiseRounds: 1, raiseAfterMs: 2 * MINUTE },
      'bbgbbb',
      'ppvppF',
    ],
  ])('%s', (_title, limits, sequence, expected) => {
    expect(play(sequence, limits).join('')).toBe(expected);
  });

  it('keeps when it began, fired and ended, what was bad, and what is now', () => {
    let open: OpenAlert[] = [];
    const run = (state: Reading['state'], at: number) => {
      const result = step(open, [reading('t', state)], circumstances({ now: at, nextId: 7 }));
      open = result.open;
      return result.transitions[0]?.alert;
    };
    run('bad', T0);
    run('bad', T0 + 10);
    run('good', T0 + 20);
    expect(run('good', T0 + 30)).toMatchObject({
      id: 7,
      state: 'resolved',
      since: T0,
      firedAt: T0 + 10,
      resolvedAt: T0 + 30,
      title: 't is bad',
      evidence: [
        { label: 'Saw', value: 'bad' },
        { label: 'Saw now', value: 'good' },
      ],
    });
  });

  it('tells once that it has become more severe, and keeps the worst it has been', () => {
    let open: OpenAlert[] = [];
    const kinds = (['warning', 'critical', 'warning', 'critical', 'info'] as const).flatMap(
      (severity, i) => {
        const one = reading('t', 'bad', { severity, raiseRounds: 1 });
        const result = step(open, [one], circumstances({ now: T0 + i }));
        open = result.open;
        return result.transitions.map(({ kind }) => kind);
      },
    );
    expect(kinds).toEqual(['fired', 'escalated']);
    expect(open[0]?.alert.severity).toBe('critical');
  });

  it('has nothing to write down while it stays as it is', () => {
    let open: OpenAlert[] = [];
    const changes = ['118 ms', '118 ms', '118 ms', '118 ms', '119 ms', '119 ms'].map((value, i) => {
      const texts = () => ({ title: verbatim('t is bad'), evidence: evidence('Pings', value) });
      const one = reading('t', 'bad', { texts });
      const result = step(open, [one], circumstances({ now: T0 + i }));
      open = result.open;
      return result.changed.length;
    });
    expect(changes).toEqual([1, 1, 0, 0, 1, 0]);
  });

  it('lets the worse of two devices with one topic speak for both', () => {
    const both = [reading('t', 'bad', { nodeId: 'a' }), reading('t', 'good', { nodeId: 'b' })];
    for (const readings of [both, both.toReversed()]) {
      const { open } = step([], readings, circumstances({}));
      expect(open.map(({ alert }) => alert.nodeId)).toEqual(['a']);
    }
  });
});

describe('an alert’s texts', () => {
  const slow = (latency: number): Reading =>
    reading('t', 'bad', {
      ...{ nodeId: 'n1', hostname: 'git', raiseRounds: 1 },
      texts: () => ({
        title: say('alertTexts.latency', { device: 'git', latency: { latency } }),
        evidence: [line('alertTexts.pings', { latency })],
      }),
    });
  const spanish = (open: OpenAlert | undefined) =>
    open && inLanguage('es', () => [alertTitle(open.alert), alertEvidence(open.alert)]);

  it('name the device as it is called now, in every language', () => {
    const { open } = step([], [slow(118)], circumstances({}));
    const renamed = step(open, [], circumstances({ nameOf: () => 'code' }));
    expect(renamed.changed[0]?.alert).toMatchObject({
      ...{ hostname: 'code', title: 'High latency to code: 118\u00a0ms' },
    });
    expect(spanish(renamed.open[0])).toEqual([
      'Latencia alta con code: 118\u00a0ms',
      [{ label: 'Pings', value: '118\u00a0ms' }],
    ]);
  });

  it('are not written again while they read the same, though a value differs by a hair', () => {
    const { open } = step([], [slow(118.2)], circumstances({}));
    expect(step(open, [slow(118.3)], circumstances({})).changed).toEqual([]);
    expect(step(open, [slow(119)], circumstances({})).changed).toHaveLength(1);
  });

  it('that a version before this stored are completed by the next reading', () => {
    const { open } = step([], [slow(118)], circumstances({}));
    const before = open.map(({ alert: { said: _, ...alert }, ...rest }) => ({ ...rest, alert }));
    const [completed] = step(before, [slow(118)], circumstances({})).changed;
    expect(completed?.alert.said).toEqual(open[0]?.alert.said);
    const ended = step(before, [], circumstances({ removed: new Set(['n1']) })).changed[0];
    expect(ended?.alert).toMatchObject({
      title: 'High latency to git: 118\u00a0ms',
      evidence: [{ label: 'Pings' }, { label: 'Ended', value: 'the device was removed' }],
    });
  });

  it('say what is now, and why it ended, in every language', () => {
    const { open } = step([], [slow(1250)], circumstances({}));
    const good = { ...slow(20), state: 'good' as const, clearRounds: 1 };
    expect(spanish(step(open, [good], circumstances({})).changed[0])?.[1]).toEqual([
      { label: 'Pings', value: '1,25\u00a0s' },
      { label: 'Pings ahora', value: '20\u00a0ms' },
    ]);
    const endedBecause = () => ({ said: say('alertTexts.removed') });
    expect(spanish(step(open, [], circumstances({ endedBecause })).changed[0])?.[1]).toEqual([
      { label: 'Pings', value: '1,25\u00a0s' },
      { label: 'Terminó', value: 'el dispositivo se quitó de la tailnet' },
    ]);
  });
});

describe('whatever the readings', () => {
  it('no topic has two open alerts, each alert fires and resolves at most once, in that order', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      const pick = <T>(values: readonly T[]): T | undefined =>
        values[Math.floor(random() * values.length)];
      const history: Transition[] = [];
      let open: OpenAlert[] = [];
      let nextId = 1;
      for (let i = 0; i < 120; i++) {
        const readings = ['a', 'b', 'c', 'a'].flatMap((topic) => {
          const state = pick(['bad', 'bad', 'good', 'between', null] as const);
          const severity = pick(['info', 'warning', 'critical'] as const);
          return state ? [reading(topic, state, { nodeId: topic, severity })] : [];
        });
        const removed = new Set(random() < 0.03 ? ['a'] : []);
        const before = JSON.stringify(open);
        const result = step(
          open,
          readings,
          circumstances({ now: T0 + i * 1_000, nextId, removed }),
        );
        expect(JSON.stringify(open)).toBe(before);
        open = result.open;
        nextId = Math.max(nextId, ...result.changed.map(({ alert }) => alert.id + 1));
        history.push(...result.transitions);
        const topics = open.map(({ alert }) => alert.topic);
        expect(new Set(topics).size).toBe(topics.length);
        expect(open.every(({ alert }) => alert.state !== 'resolved')).toBe(true);
      }
      for (const id of new Set(history.map(({ alert }) => alert.id))) {
        const kinds = history.filter(({ alert }) => alert.id === id).map(({ kind }) => kind);
        expect(kinds.join(' ')).toMatch(/^fired( escalated){0,2}( resolved)?$/);
      }
      const firing = open.filter(({ alert }) => alert.state === 'firing').length;
      const count = (wanted: Transition['kind']) =>
        history.filter(({ kind }) => kind === wanted).length;
      expect(count('fired')).toBe(count('resolved') + firing);
    }
  });
});
