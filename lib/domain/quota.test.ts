import { describe, expect, it } from 'vitest';
import type { Device } from './device';
import { QUOTA_PLANS, quotaStatus } from './quota';
import { testDevice } from './test-device';

const device = (id: string, user: string, change: Partial<Device> = {}): Device =>
  testDevice(id, { user: { id: user, login: user, name: user }, ...change });

describe('the quota', () => {
  it('counts people once, tags as nobody, and shared devices not at all', () => {
    const status = quotaStatus(
      [
        device('a', 'ann'),
        device('b', 'ann'),
        device('c', 'tagged-devices', { tags: ['tag:server'] }),
        device('d', 'bob', { classification: 'shared' }),
        device('e', 'eve', { classification: 'external' }),
        device('f', 'eve', { classification: 'external' }),
      ],
      QUOTA_PLANS['free-2025'],
    );
    expect(status).toEqual({
      plan: { name: 'Free tier (2025)', checkedOn: '2025-10-21' },
      users: { used: 1, limit: 3 },
      externalUsers: { used: 1, limit: 3 },
      devices: { used: 3, limit: 100 },
      status: 'ok',
    });
  });

  it.each([
    [4, 'ok'],
    [5, 'near'],
    [6, 'near'],
    [7, 'over'],
  ])('with %i of 6 users is %s', (n, expected) => {
    const devices = Array.from({ length: n }, (_, i) => device(`d${i}`, `u${i}`));
    expect(quotaStatus(devices, QUOTA_PLANS.personal).status).toBe(expected);
  });
});
