import type { TimeRange } from '../../domain/access';
import type { Periods } from '../../rollup/periods';
import { countedPeriod, hasParts, partsAt } from '../../rollup/range-plan';
import { HOURLY, RESOLUTIONS, startOf } from '../../rollup/resolutions';
import type { RollUp } from '../../rollup/roll-up';
import { MINUTE } from '../../util/time';
import type { Influx } from './client';
import type { InfluxHitSource } from './hit-source';
import type { PendingRollUps } from './pending-roll-ups';
import { changeLine, type Layer, rollUpLine } from './points';
import { encodeRollUp } from './roll-up-codec';
import { madeOf } from './roll-up-stamp';

/** An hour that ended less than this ago may still get hits. */
const SETTLED_MS = MINUTE;

/**
 * Makes the roll-ups of one collector from what is in InfluxDB, so that it does not matter who wrote it: hours from
 * hits, longer ones from shorter ones. Making one twice gives the same result; one whose hits have changed since is
 * detected by its stamp, and not used.
 */
export class RollUpMaker {
  constructor(
    private readonly influx: Influx,
    private readonly pending: PendingRollUps,
    private readonly source: InfluxHitSource,
    private readonly collector: string,
    /** How long single hits are kept. */
    private readonly rawMs: number,
    private readonly periods: Periods,
  ) {}

  /**
   * Makes at most `count`; returns true while there are more. Hours from `open` on are skipped. Throws
   * `StoreUnavailable`.
   */
  async make(now: number, count: number, open = Number.POSITIVE_INFINITY): Promise<boolean> {
    const { pending, periods } = this;
    const over = Math.min(now - SETTLED_MS, open);
    let made = 0;
    for (const [i, resolution] of RESOLUTIONS.entries()) {
      for (const due of pending.next(resolution, over, count - made, periods)) {
        if (resolution === HOURLY) await this.makeHour(due.start, now);
        else await this.makePeriod(resolution, due.start, now);
        pending.completed(resolution, due);
        const coarser = RESOLUTIONS[i + 1];
        if (coarser) this.addAround(due.start, coarser);
        made++;
      }
      if (made >= count) return true;
      // Longer ones are made of these, so those of a period that is still being filled wait.
      if (pending.next(resolution, over, 1, periods).length > 0) return true;
    }
    return false;
  }

  /** Makes pending what holds a shorter period, or a part of an hour. */
  private addAround(start: number, resolution: number): void {
    const { from } = this.periods.at(start, resolution);
    const last = this.periods.at(start + HOURLY - 1, resolution);
    this.pending.add(resolution, from);
    if (last.from !== from) this.pending.add(resolution, last.from);
  }

  private async makeHour(start: number, now: number): Promise<void> {
    const { catalog } = this.source;
    await catalog.refreshHours({ from: start, to: start + HOURLY });
    const inventory = catalog.inventory(this.collector);
    // Before anything is read: should hits arrive meanwhile, the roll-up is out of date rather than incomplete.
    const of = inventory.seqOf('raw', start);
    if (of === undefined) return;
    // Retention may have taken some of its hits: what was counted of them all stays.
    const isOld = start < now - this.rawMs + HOURLY;
    if (isOld && inventory.hasRollUp('raw', HOURLY, start, of)) return;
    const parts = await this.source.loadSum(this.collector, start);
    await this.save('raw', { from: start, to: start + HOURLY }, of, parts, now);
  }

  /** Makes the roll-up of a period of the time zone, and those of the parts of hours at its ends. */
  private async makePeriod(resolution: number, start: number, now: number): Promise<void> {
    const { collector, source, periods } = this;
    const period = periods.at(start, resolution);
    // Left by another time zone.
    if (period.from !== start) return;
    await source.catalog.refreshHours({
      from: startOf(period.from, HOURLY),
      to: period.to + HOURLY,
    });
    const catalog = source.catalogOf(collector);
    for (const time of [period.from, period.to]) {
      const hour = startOf(time, HOURLY);
      if (hasParts(time, catalog) || hour < now - this.rawMs + HOURLY || !catalog.hasHits(hour))
        continue;
      for (const part of partsAt(time)) await this.makeSum(part, HOURLY, now);
    }
    const counted = countedPeriod(period, catalog);
    await this.makeSum(counted, resolution, now);
  }

  private async makeSum(period: TimeRange, resolution: number, now: number): Promise<void> {
    const { collector, source } = this;
    const { from, to } = period;
    const of = source.catalog.inventory(collector).stampOf(to - from, from);
    if (of === null) return;
    const parts = await source.loadFiner(collector, period, resolution);
    await this.save('sum', period, of, parts, now);
  }

  private async save(
    layer: Layer,
    { from, to }: TimeRange,
    stamp: string,
    parts: RollUp[],
    now: number,
  ): Promise<void> {
    const { collector, influx } = this;
    const { catalog } = this.source;
    const of = madeOf(stamp);
    const packed = encodeRollUp(parts, of, catalog.names);
    const change = { layer, hour: from, from, seq: of, step: to - from };
    await influx.save('rollups', [rollUpLine(collector, layer, to - from, from, packed, of)]);
    await influx.save('raw', [changeLine(collector, now, change)]);
    catalog.inventory(collector).noteRollUp(layer, to - from, from, of);
  }
}
