import { describe, expect, it } from 'vitest';
import { OWN_STATES, type OwnState } from '../domain/own-device';
import { type QuotaStatus, quotaStatus } from '../domain/quota';
import { testDevice } from '../domain/test-device';
import { readingOf, readingsOf, T0 } from './test-doubles';

it('knowing nothing gives no reading', () => {
  expect(readingsOf({})).toEqual([]);
});

describe('a job', () => {
  const job = { name: 'watch', lastRun: T0, lastError: 'no luck', needsTailnet: false };
  const jobs = [job];
  const own = (state: OwnState) => ({
    state,
    reason: 'away',
    remedy: '',
    since: T0,
    settled: true,
  });

  it('alerts at its third failed run, by its own name', () => {
    expect(readingOf('collector_failing', { jobs })).toMatchObject({
      state: 'bad',
      raiseRounds: 3,
      topic: 'collector_watch',
      evidence: [{ label: 'Error', value: 'no luck' }],
    });
  });

  it.each(OWN_STATES.filter((state) => state !== 'ok'))(
    'that needs the tailnet says nothing, neither bad nor good, while our own device is %s',
    (state) => {
      for (const lastError of ['no luck', null]) {
        const given = { own: own(state), jobs: [{ ...job, lastError, needsTailnet: true }] };
        expect(readingOf('collector_failing', given)).toBe(undefined);
        const others = { ...given, jobs: [{ ...job, lastError }] };
        expect(readingOf('collector_failing', others)?.state).toBe(lastError ? 'bad' : 'good');
      }
    },
  );

  it('that needs the tailnet alerts while our own device is in it', () => {
    const given = { own: own('ok'), jobs: [{ ...job, needsTailnet: true }] };
    expect(readingOf('collector_failing', given)?.state).toBe('bad');
  });
});

describe('the quota', () => {
  const status = (used: number): QuotaStatus =>
    quotaStatus(
      Array.from({ length: used }, (_, i) => testDevice(`${i}`)),
      {
        name: 'Test',
        checkedOn: '2026-01-01',
        limits: { users: null, externalUsers: null, devices: 10 },
      },
    );

  it.each([
    [7, 'good', 'info', 'near'],
    [8, 'bad', 'info', 'near'],
    [11, 'bad', 'warning', 'over'],
  ])('with %d of 10 is %s (%s)', (used, state, severity, word) => {
    const reading = readingOf('quota_near', { quota: status(used) });
    expect(reading).toMatchObject({ state, severity });
    expect(reading?.title).toContain(word);
    expect(reading?.evidence).toEqual([{ label: 'Devices', value: `${used} of 10` }]);
  });
});
