import { describe, expect, it } from 'vitest';
import { MINUTE } from '../util/time';
import { DEFAULT_THRESHOLDS, type JudgedDevice } from './facts';
import { afterRound, judged, offline, readingOf, round } from './test-doubles';

describe('a critical device that is offline', () => {
  const silent = judged({}, { judgement: { presence: 'not_answering' }, forMs: 45_000 });
  const gone = judged({ online: false }, { judgement: { presence: 'offline' } });

  it('is critical after five minutes, or what is set for it, counted from its first silence', () => {
    const expected = { state: 'bad', severity: 'critical', topic: 'offline_n1' };
    const reading = readingOf('offline', { devices: [silent], rounds: [round(offline)] });
    expect(reading).toMatchObject({ ...expected, raiseAfterMs: 300_000, badForMs: 45_000 });
    expect(reading?.evidence).toContainEqual({ label: 'Pings', value: 'none of 5 answered' });
    for (const name of ['git', 'GIT', 'n1', 'git.tail1234.ts.net']) {
      const thresholds = { ...DEFAULT_THRESHOLDS, byDevice: { [name]: { offlineAfterMs: 1 } } };
      expect(readingOf('offline', { devices: [silent], thresholds })?.raiseAfterMs).toBe(1);
    }
  });

  it('is noticed by the status between rounds, and back by a pong', () => {
    expect(readingOf('offline', { devices: [gone] })?.state).toBe('bad');
    expect(afterRound('offline', {})?.state).toBe('good');
  });

  it('is neither offline nor back while that is not certain', () => {
    const unsure = judged({}, { judgement: { confirmed: false } });
    const unknown = judged({}, { judgement: { presence: 'unknown' } });
    expect(readingOf('offline', { devices: [unsure] })).toBe(undefined);
    expect(readingOf('offline', { devices: [unknown] })).toBe(undefined);
    expect(readingOf('offline', { devices: [judged()], rounds: [round()] })?.state).toBe('good');
  });

  it('concerns critical devices alone, not our own, nor those that are not missed', () => {
    const others = [
      judged({}, { critical: false, judgement: { presence: 'offline' } }),
      judged({ self: true }, { judgement: { presence: 'offline' } }),
      judged({}, { unmissed: 'it comes and goes', judgement: { presence: 'offline' } }),
    ];
    for (const other of others) expect(readingOf('offline', { devices: [other] })).toBe(undefined);
    const rounds = [round({ ...offline, nodeId: 'n2' })];
    expect(readingOf('offline', { rounds, devices: [] })).toBe(undefined);
  });
});

describe('a device that goes and comes', () => {
  const outages = (more: Partial<JudgedDevice['outages']>) => ({
    outages: { count: 2, windowMs: 15 * MINUTE, quietForMs: 1_000, isRepeated: false, ...more },
  });
  const unstable = (more: Partial<JudgedDevice['outages']>, forMs = 0, presence = 'online') =>
    readingOf('unstable', {
      devices: [
        judged({}, { ...outages(more), forMs, judgement: { presence: presence as 'online' } }),
      ],
    });

  it('is unstable at its third outage, or at a second one that is as long as an alert takes', () => {
    expect(unstable({ count: 3 })).toMatchObject({ state: 'bad', topic: 'unstable_n1' });
    expect(unstable({ count: 2 })?.state).toBe('between');
    expect(unstable({ isRepeated: true }, 300_000, 'offline')?.state).toBe('bad');
    expect(unstable({ isRepeated: true }, 299_000, 'offline')?.state).toBe('between');
  });

  it('is stable once nothing has changed for a quarter of an hour, and says how often it had', () => {
    const stable = unstable({ count: 9, quietForMs: 15 * MINUTE });
    expect(stable?.state).toBe('good');
    expect(stable?.evidence).toContainEqual({ label: 'Went offline', value: '9\u00a0times' });
    expect(unstable({ count: 0, quietForMs: null })?.state).toBe('good');
  });
});
