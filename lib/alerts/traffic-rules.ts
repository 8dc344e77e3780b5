import type { Reading } from '../domain/alert';
import { say } from '../domain/said';
import { bytesOf } from '../domain/traffic';
import { type BudgetUse, isUsedUp } from '../domain/traffic-budget';
import type { Facts } from './facts';
import { AT_ONCE, aboutDevice, line, NO_DEVICE, text } from './reading';

/** Applies the rule about monthly budgets of traffic. */
export const trafficReadings = ({ budgets }: Facts): Reading[] =>
  (budgets ?? []).map(budgetReading);

export const budgetTopic = ({ device }: BudgetUse) => `traffic_budget_${device?.id ?? 'all'}`;

function budgetReading(use: BudgetUse): Reading {
  const { device, limit, used } = use;
  const budget = { bytes: limit };
  return {
    ...AT_ONCE,
    ...(device ? aboutDevice(device) : NO_DEVICE),
    rule: 'traffic_budget',
    topic: budgetTopic(use),
    state: isUsedUp(use) ? 'bad' : 'good',
    severity: 'warning',
    texts: () => ({
      title: device
        ? say('alertTexts.budgetUsedUp', { device: device.name, budget })
        : say('alertTexts.budgetUsedUpByAll', { budget }),
      evidence: [
        line(
          'alertTexts.budgetUsed',
          text('alertTexts.used', { used: { bytes: bytesOf(used) }, limit: budget }),
        ),
        line('alertTexts.received', { bytes: used.rxBytes }),
        line('alertTexts.sent', { bytes: used.txBytes }),
      ],
    }),
  };
}
