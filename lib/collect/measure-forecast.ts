import { setImmediate as breathe } from 'node:timers/promises';
import { SLOT_MS } from '../domain/latency-model';
import { learnedRange, learnLatency, SLOTS_A_DAY } from '../models/latency-model';
import { halfHours } from '../models/latency-normals';
import { type Outcome, scoresOf } from '../models/scores';
import type { ModelTracker } from '../models/tracker';
import type { Stores } from '../store/ports/stores';
import { DAY } from '../util/time';
import type { Collector } from './collector';

/** What was missed while we were away is made good so far back. */
const DAYS_BACK = 7;
/** Half hours of all nodes together; fewer say nothing about a day. */
const FEWEST = 12;
const MODEL = 'latency_forecast';
/** To be raised with every change of what it forecasts. */
const VERSION = '1';

type DayOf = { ours: Outcome[]; naive: Outcome[]; inside: number };

/**
 * Holds our own latency forecast to account, as any other model: each day (UTC) that is over is forecast from what was
 * known before it, and compared with what came, beside the naive forecast that it is as it was the day before.
 */
export class MeasureForecast implements Collector {
  readonly name = 'measure_forecast';
  readonly schedule = '0 20 * * * *';
  /** Days that have been looked at, and have an entry or too little to make one of. */
  private readonly done = new Set<number>();

  constructor(
    private readonly store: Pick<Stores, 'connections'>,
    private readonly models: Pick<ModelTracker, 'record' | 'has'>,
    private readonly now: () => number = Date.now,
  ) {}

  async run(): Promise<void> {
    const today = Math.floor(this.now() / DAY) * DAY;
    for (let day = today - DAYS_BACK * DAY; day < today; day += DAY) {
      if (this.done.has(day)) continue;
      if (!(await this.models.has(MODEL, VERSION, day))) await this.measure(day);
      this.done.add(day);
    }
  }

  private async measure(day: number): Promise<void> {
    const nodes: DayOf[] = [];
    for (const { nodeId } of await this.store.connections.lastConnections()) {
      nodes.push(await this.dayOf(nodeId, day));
      // Others have work to do, too.
      await breathe();
    }
    const measured = nodes.filter(({ ours }) => ours.length > 0);
    const outcomes = measured.reduce((sum, { ours }) => sum + ours.length, 0);
    const ours = scoresOf(measured.map((node) => node.ours));
    const naive = scoresOf(measured.map((node) => node.naive));
    if (!ours || !naive || outcomes < FEWEST) return;
    const inside = measured.reduce((sum, node) => sum + node.inside, 0);
    await this.models.record({
      model: MODEL,
      time: day + DAY,
      version: VERSION,
      trainedAt: day,
      horizon: '1 day',
      window: '14 days',
      metrics: {
        mae: ours.mae,
        rmse: ours.rmse,
        ...(ours.r2 === null ? {} : { r2: ours.r2 }),
        naive_mae: naive.mae,
        naive_rmse: naive.rmse,
        ...(naive.r2 === null ? {} : { naive_r2: naive.r2 }),
        coverage: inside / outcomes,
        nodes: measured.length,
        half_hours: outcomes,
      },
    });
  }

  /** The half hours of a day that both forecasts have something to say about. */
  private async dayOf(nodeId: string, day: number): Promise<DayOf> {
    const found: DayOf = { ours: [], naive: [], inside: 0 };
    const before = await halfHours(this.store.connections, nodeId, learnedRange(day));
    const model = learnLatency(before);
    if (model.state !== 'known') return found;
    const came = await this.store.connections.latencyHistory(
      nodeId,
      { from: day, to: day + DAY },
      SLOT_MS,
    );
    const dayBefore = before.slice(-SLOTS_A_DAY);
    came.forEach(({ latencyMs: actual }, slot) => {
      const usual = model.next[slot];
      const naive = dayBefore[slot]?.latencyMs ?? null;
      if (actual === null || naive === null || !usual) return;
      found.ours.push({ actual, expected: usual.expectedMs });
      found.naive.push({ actual, expected: naive });
      if (actual >= usual.lowMs && actual <= usual.highMs) found.inside++;
    });
    return found;
  }
}
