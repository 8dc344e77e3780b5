import { describe, expect, it } from 'vitest';
import { type QuotaStatus, quotaStatus } from '../domain/quota';
import { testDevice } from '../domain/test-device';
import { readingOf, readingsOf, T0 } from './test-doubles';

it('knowing nothing gives no reading', () => {
  expect(readingsOf({})).toEqual([]);
});

describe('a job', () => {
  const jobs = [{ name: 'watch', lastRun: T0, lastError: 'no luck' }];

  it('alerts at its third failed run, by its own name', () => {
    expect(readingOf('collector_failing', { jobs })).toMatchObject({
      state: 'bad',
      raiseRounds: 3,
      topic: 'collector_watch',
      evidence: [{ label: 'Error', value: 'no luck' }],
    });
  });

  it('is not blamed for tailscaled being away', () => {
    const own = {
      state: 'unreachable',
      reason: 'gone',
      remedy: '',
      since: T0,
      settled: true,
    } as const;
    expect(readingOf('collector_failing', { jobs, own })).toBe(undefined);
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
