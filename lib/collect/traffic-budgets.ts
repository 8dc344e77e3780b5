import type { Device } from '../domain/device';
import type { TimeZone } from '../domain/time-zone';
import { type Bytes, NO_BYTES, plus } from '../domain/traffic';
import {
  type BudgetUse,
  budgetUses,
  hasBudget,
  monthOf,
  type TrafficBudget,
} from '../domain/traffic-budget';
import type { TrafficHistory } from '../store/ports/traffic';
import { MINUTE } from '../util/time';

/** How much of this month's budgets is used, added up at most once a minute. */
export class TrafficBudgets {
  private used: ReadonlyMap<string, Bytes> = new Map();
  private addedUp = { at: Number.NEGATIVE_INFINITY, month: 0 };

  constructor(
    private readonly history: Pick<TrafficHistory, 'trafficSums'>,
    private readonly budget: TrafficBudget,
    private readonly zone: TimeZone,
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  async uses(devices: readonly Device[]): Promise<BudgetUse[]> {
    if (!hasBudget(this.budget)) return [];
    const month = monthOf(this.now(), this.zone);
    const at = this.elapsed();
    if (at - this.addedUp.at >= MINUTE || month.from !== this.addedUp.month) {
      this.used = byDevice(await this.history.trafficSums('day', month, null));
      this.addedUp = { at, month: month.from };
    }
    return budgetUses(this.budget, devices, this.used);
  }
}

/** Adds sums up by device. */
function byDevice(sums: readonly (Bytes & { nodeId: string })[]): Map<string, Bytes> {
  const used = new Map<string, Bytes>();
  for (const { nodeId, rxBytes, txBytes } of sums) {
    used.set(nodeId, plus(used.get(nodeId) ?? NO_BYTES, { rxBytes, txBytes }));
  }
  return used;
}
