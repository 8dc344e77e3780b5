import { setImmediate as breathe } from 'node:timers/promises';
import { SLOT_MS } from '../domain/latency-model';
import { halfHours } from '../models/latency-baselines';
import { learnedRange, learnLatency, SLOTS_A_DAY } from '../models/latency-model';
import { type Outcome, scoresOf } from '../models/scores';
import type { ModelTracker } from '../models/tracker';
import type { Stores } from '../store/ports/stores';
import { DAY } from '../util/time';
import type { Collector } from './collector';

/** How many missed days are made up for after a stop. */
const DAYS_BACK = 7;
/** The fewest half hours, of all devices together, that say something about a day. */
const FEWEST = 12;
const MODEL = 'latency_forecast';
/** Raised with every change in what is forecast. */
const VERSION = '1';

type DayOf = { ours: Outcome[]; naive: Outcome[]; inside: number };

/**
 * Measures our own latency forecast like any other model: each completed day (UTC) is forecast from what was known
 * before it and compared with what was measured, beside the naive forecast that it repeats the day before.
 */
export class MeasureForecast implements Collector {
  readonly name = 'measure_forecast';
  readonly schedule = '0 20 * * * *';
  /** Days that have been processed, and have an entry or too little data for one. */
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
      // Gives way to other work.
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

  /** Returns the half hours of a day for which both forecasts have a value. */
  private async dayOf(nodeId: string, day: number): Promise<DayOf> {
    const errors: DayOf = { ours: [], naive: [], inside: 0 };
    const came = await this.store.connections.latencyHistory(
      nodeId,
      { from: day, to: day + DAY },
      SLOT_MS,
    );
    if (came.every(({ latencyMs }) => latencyMs === null)) return errors;
    const before = await halfHours(this.store.connections, nodeId, learnedRange(day));
    const model = learnLatency(before);
    if (model.state !== 'known') return errors;
    const dayBefore = before.slice(-SLOTS_A_DAY);
    came.forEach(({ latencyMs: actual }, slot) => {
      const usual = model.next[slot];
      const naive = dayBefore[slot]?.latencyMs ?? null;
      if (actual === null || naive === null || !usual) return;
      errors.ours.push({ actual, expected: usual.expectedMs });
      errors.naive.push({ actual, expected: naive });
      if (actual >= usual.lowMs && actual <= usual.highMs) errors.inside++;
    });
    return errors;
  }
}
