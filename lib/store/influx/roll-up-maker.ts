import { HOURLY, RESOLUTIONS, startOf } from '../../rollup/resolutions';
import type { RollUp } from '../../rollup/roll-up';
import { MINUTE } from '../../util/time';
import type { Influx } from './client';
import type { InfluxHitSource } from './hit-source';
import type { PendingRollUps } from './pending-roll-ups';
import { changeLine, rollUpLine } from './points';
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
  ) {}

  /**
   * Makes at most `count`; returns true while there are more. Hours from `open` on are skipped. Throws
   * `StoreUnavailable`.
   */
  async make(now: number, count: number, open = Number.POSITIVE_INFINITY): Promise<boolean> {
    const over = Math.min(now - SETTLED_MS, open);
    let made = 0;
    for (const [i, resolution] of RESOLUTIONS.entries()) {
      for (const due of this.pending.next(resolution, over, count - made)) {
        await this.makeOne(resolution, due.start, now);
        this.pending.completed(resolution, due);
        const coarser = RESOLUTIONS[i + 1];
        if (coarser) this.pending.add(coarser, startOf(due.start, coarser));
        made++;
      }
      if (made >= count) return true;
      // Longer ones are made of these, so those of a period that is still being filled wait.
      if (this.pending.next(resolution, over, 1).length > 0) return true;
    }
    return false;
  }

  private async makeOne(resolution: number, start: number, now: number): Promise<void> {
    const { collector, influx } = this;
    const { catalog } = this.source;
    const layer = resolution === HOURLY ? 'raw' : 'sum';
    const rollUp = await this.load(resolution, start, now);
    if (!rollUp) return;
    const { parts } = rollUp;
    const of = madeOf(rollUp.of);
    const packed = encodeRollUp(parts, of, catalog.names);
    const change = { layer, hour: start, from: start, seq: of, step: resolution };
    await influx.save('rollups', [rollUpLine(collector, layer, resolution, start, packed, of)]);
    await influx.save('raw', [changeLine(collector, now, change)]);
    catalog.inventory(collector).noteRollUp(layer, resolution, start, of);
  }

  /** Loads what a roll-up is to be made of, and its stamp; `null` when there is nothing. */
  private async load(
    resolution: number,
    start: number,
    now: number,
  ): Promise<{ of: string; parts: RollUp[] } | null> {
    const { collector, source } = this;
    await source.catalog.refreshHours({ from: start, to: start + resolution });
    const inventory = source.catalog.inventory(collector);
    // Before anything is read: should hits arrive meanwhile, the roll-up is out of date rather than incomplete.
    const of =
      resolution === HOURLY ? inventory.seqOf('raw', start) : inventory.stampOf(resolution, start);
    if (of === undefined || of === null) return null;
    // Retention may have taken some of its hits: what was counted of them all stays.
    const isOld = resolution === HOURLY && start < now - this.rawMs + HOURLY;
    if (isOld && inventory.hasRollUp('raw', HOURLY, start, of)) return null;
    const parts =
      resolution === HOURLY
        ? await source.loadSum(collector, start)
        : await source.loadFiner(collector, resolution, start);
    return { of, parts };
  }
}
