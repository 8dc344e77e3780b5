import { FINEST, STEPS } from '../../rollup/resolutions';
import { type Influx, InfluxRefusal } from './client';
import { changeLine, rollUpLine } from './points';
import type { Questions } from './questions';
import { addedUp, packRollUp } from './roll-up';
import type { Spool } from './spool';

/** An hour that ended so lately may still get hits. */
const SETTLED_MS = 60_000;

/**
 * Makes the roll-ups of one collector from what lies in InfluxDB, so that it does not matter who wrote it: hours from
 * hits, the coarser steps from hours. One that is made twice is the same; one whose hits have changed since says so by its
 * stamp, and is not used.
 */
export class RollUps {
  constructor(
    private readonly influx: Influx,
    private readonly spool: Spool,
    private readonly questions: Questions,
    private readonly collector: string,
  ) {}

  /** Makes at most `count`; true while there are more. Hours from `open` on are left alone. Throws `StoreUnavailable`. */
  async make(now: number, count: number, open = Number.POSITIVE_INFINITY): Promise<boolean> {
    let made = 0;
    for (const step of STEPS) {
      const over = Math.min(now - SETTLED_MS, open);
      for (const { start, changes } of this.spool.toSum(step, over, count - made)) {
        await this.makeOne(step, start, now);
        this.spool.summed(step, start, changes);
        const coarser = STEPS[STEPS.indexOf(step) + 1];
        if (coarser) this.spool.markToSum(coarser, start - (start % coarser));
        made++;
      }
      if (made >= count) return true;
      // Coarser ones are made of these: those of a stretch that is still being filled wait.
      if (this.spool.toSum(step, over, 1).length > 0) return true;
    }
    return false;
  }

  private async makeOne(step: number, start: number, now: number): Promise<void> {
    const { collector, influx, questions } = this;
    const found = await questions.toRollUp(collector, step, start);
    if (!found) return;
    const { of, parts } = found;
    const layer = step === FINEST ? 'raw' : 'sum';
    const packed = packRollUp(addedUp(parts), of, questions.catalog.names);
    try {
      await influx.write('rollups', [rollUpLine(collector, layer, step, start, packed, of)]);
      const change = { layer, hour: start, from: start, seq: of, step };
      await influx.write('raw', [changeLine(collector, now, change)]);
    } catch (error) {
      throw error instanceof InfluxRefusal ? influx.unavailable(error) : error;
    }
    questions.catalog.noteRollUp(collector, layer, step, start, of);
  }
}
