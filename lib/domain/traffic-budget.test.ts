import { describe, expect, it } from 'vitest';
import { testDevice } from './test-device';
import { TimeZone } from './time-zone';
import { budgetUses, isUsedUp, monthOf } from './traffic-budget';

describe('a month', () => {
  it('is one of the owner’s calendar, whatever clocks do in it', () => {
    const zone = new TimeZone('Europe/Madrid');
    const october = { from: Date.UTC(2026, 8, 30, 22), to: Date.UTC(2026, 9, 31, 23) };
    expect(monthOf(october.from, zone)).toEqual(october);
    expect(monthOf(october.to - 1, zone)).toEqual(october);
    expect(monthOf(october.to, zone, 1)).toEqual(october);
    expect(monthOf(Date.UTC(2027, 0, 15), zone, 3)).toEqual(october);
  });
});

describe('budgets', () => {
  const nas = testDevice('n1', { name: 'nas', dnsName: 'nas.tail1234.ts.net' });
  const git = testDevice('n2', { name: 'git' });
  const own = testDevice('n3', { name: 'own', self: true });
  const used = new Map([
    ['n1', { rxBytes: 70, txBytes: 30 }],
    ['gone', { rxBytes: 5, txBytes: 0 }],
  ]);
  const uses = (budget: Partial<Parameters<typeof budgetUses>[0]>) =>
    budgetUses({ all: null, each: null, devices: {}, ...budget }, [nas, git, own], used).map(
      (use) => [use.device?.name ?? 'all', use.limit, use.used.rxBytes, isUsedUp(use)],
    );

  it('of all together include devices that have left', () => {
    expect(uses({ all: 105 })).toEqual([['all', 105, 75, true]]);
    expect(uses({ all: 106 })).toEqual([['all', 106, 75, false]]);
  });

  it('of a device are by any of its names, before that of each', () => {
    for (const name of ['n1', 'nas', 'nas.tail1234.ts.net']) {
      expect(uses({ devices: { [name]: 100 }, each: 7 })).toEqual([
        ['nas', 100, 70, true],
        ['git', 7, 0, false],
      ]);
    }
  });

  it('are of no device that is not named, and never of our own', () => {
    expect(uses({ devices: { git: 1, own: 1 } })).toEqual([['git', 1, 0, false]]);
  });
});
