import { expect, it } from 'vitest';
import type { BudgetUse } from '../domain/traffic-budget';
import { endings } from './endings';
import { alert, facts, readingsOf } from './test-doubles';

const use = (rxBytes: number, device: BudgetUse['device']): BudgetUse => ({
  ...{ device, limit: 100e9, used: { rxBytes, txBytes: 1e9 } },
});
const found = (...budgets: BudgetUse[]) =>
  readingsOf({ budgets }).filter(({ rule }) => rule === 'traffic_budget');

it('a budget that is used up is bad, of a device or of all, and good again in a new month', () => {
  const nas = { id: 'n1', name: 'nas' };
  expect(found(use(99e9, nas), use(98e9, null), use(0, nas))).toMatchObject([
    {
      ...{ rule: 'traffic_budget', topic: 'traffic_budget_n1', nodeId: 'n1', hostname: 'nas' },
      ...{ state: 'bad', severity: 'warning', raiseRounds: 1 },
    },
    { topic: 'traffic_budget_all', nodeId: null, state: 'good' },
    { topic: 'traffic_budget_n1', state: 'good' },
  ]);
});

it('says how much was used, each way', () => {
  const [reading] = found(use(120e9, { id: 'n1', name: 'nas' }));
  const plain = JSON.stringify(reading).replaceAll('\u00a0', ' ');
  expect(plain).toContain('nas has used up the traffic budget of this month, 100 GB');
  expect(plain).toContain('121 GB of 100 GB');
});

it('without a budget there is no reading', () => expect(found()).toEqual([]));

it('ends where the budget was taken away, and not while it is not known', () => {
  const fired = alert({ rule: 'traffic_budget', topic: 'traffic_budget_all', nodeId: null });
  const ending = (budgets: BudgetUse[] | null) => endings(facts({ budgets }))(fired);
  expect(ending([use(1, null)])).toBeNull();
  expect(ending(null)).toBeNull();
  expect(ending([use(1, { id: 'n1', name: 'nas' })])).toMatchObject({
    said: { text: 'there is no budget for it any more' },
  });
});
