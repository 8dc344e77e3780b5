import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../domain/access';
import type { PathSpan, PathSpeed } from '../domain/connection';
import type { Accumulator } from './accumulator';
import type { Dictionaries } from './dictionaries';
import { type CompiledFilter, compileFilter } from './filter';
import { HitList, type HitPage } from './hit-list';
import type { HitCatalog, HitReader, RollUpRef } from './hit-source';
import { hoursBackwards } from './hours-backwards';
import { LastAccesses } from './last-accesses';
import { type Periods, UTC_PERIODS } from './periods';
import type { Needs, Question } from './question';
import {
  askedOnce,
  type PartialHour,
  type PlanCatalog,
  planRange,
  type RangePlan,
} from './range-plan';
import { COARSEST, seriesResolution } from './resolutions';
import { Series } from './series';
import { SpeedByPath } from './speed-by-path';
import { SumCache } from './sum-cache';
import { TotalsAccumulator } from './totals-accumulator';
import { UsageAccumulator } from './usage-accumulator';

/** The hits whose speed is compared: only devices of the tailnet have a path. */
const WITH_A_PATH: AccessFilter = { bots: false, nonTailnet: false };

/** How many bytes of sums are remembered: some dozens, those of a few open pages. */
const USAGE_BYTES = 8 * 1024 * 1024;
const TOTALS_BYTES = 256 * 1024;

/**
 * Answers questions from roll-ups and hit blocks. A question costs by the length of its range, not of the history. Each
 * is a generator that says what it needs: `answer` and `answerAsync` of `question.ts` run it.
 */
export class QueryEngine {
  private readonly usages = new SumCache<UsageAccumulator>(USAGE_BYTES);
  private readonly allTotals = new SumCache<TotalsAccumulator>(TOTALS_BYTES);
  private readonly list: HitList;
  private readonly lastAccesses: LastAccesses;

  /** `periods`: those of the time zone whose days and weeks series follow, and roll-ups are made of. */
  constructor(
    private readonly catalog: HitCatalog,
    private readonly periods: () => Periods = () => UTC_PERIODS,
  ) {
    this.list = new HitList(catalog, this.periods);
    this.lastAccesses = new LastAccesses(catalog, this.periods, this.list);
  }

  /** What the dashboard shows of a range; of an idle host's last access only the bucket, see `withLastAccesses`. */
  *usage(range: TimeRange, filter: AccessFilter): Question<Usage> {
    const step = seriesResolution(range);
    const catalog = askedOnce(this.catalog);
    const counts = this.plan(range, step, catalog);
    // Sizes and response times are in no series: the fewest and coarsest roll-ups do.
    const details = this.plan(range, COARSEST, catalog);
    const series = new Series(range, step, this.periods());
    const needs = {
      rollUps: [...counts.rollUps, ...details.rollUps],
      hours: hoursOf(counts, details),
    };
    const { sum, reader } = yield* this.summed(this.usages, [series.key, filter], needs, (read) => {
      const names = this.catalog.dictionaries();
      const whole = UsageAccumulator.of(names, compileFilter(filter, names), series);
      addRows(whole, counts.rollUps, read);
      for (const { resolution, start } of details.rollUps) {
        const end = start + resolution;
        const hasPart = counts.partialHours.some(({ from, to }) => from < end && to > start);
        if (!hasPart && !whole.hasHits({ from: start, to: end })) continue;
        for (const rollUp of read.rollUp(resolution, start, whole.visitors)) {
          whole.addDetails(rollUp);
        }
      }
      return whole;
    });
    const detailed = new Set(details.partialHours.map(keyOf));
    for (const part of counts.partialHours) {
      const isDetailed = detailed.delete(keyOf(part));
      for (const block of reader.blocks(part.hour, sum.visitors)) {
        sum.addHits(block, part.hour, part, isDetailed);
      }
    }
    for (const part of details.partialHours) {
      if (!detailed.has(keyOf(part))) continue;
      for (const block of reader.blocks(part.hour, sum.visitors)) {
        sum.addHitDetails(block, part.hour, part);
      }
    }
    return sum.usage();
  }

  /** Completes an answer of `usage`: finds the last access of hosts that have been idle for more than an hour. */
  *withLastAccesses(usage: Usage, range: TimeRange, filter: AccessFilter): Question<Usage> {
    const { rollUps } = this.plan(range, usage.stepMs, askedOnce(this.catalog));
    const counted = rollUps.reduce((end, r) => Math.max(end, r.start + r.resolution), 0);
    return { ...usage, byHost: yield* this.lastAccesses.of(usage, range, filter, counted) };
  }

  /** The totals of `usage` alone. */
  *totals(range: TimeRange, filter: AccessFilter): Question<UsageTotals> {
    const plan = this.plan(range, COARSEST, askedOnce(this.catalog));
    const needs = { rollUps: plan.rollUps, hours: hoursOf(plan) };
    const { sum, reader } = yield* this.summed(this.allTotals, [filter], needs, (read) => {
      const names = this.catalog.dictionaries();
      const whole = new TotalsAccumulator(names, compileFilter(filter, names));
      addRows(whole, plan.rollUps, read);
      return whole;
    });
    for (const part of plan.partialHours) {
      for (const block of reader.blocks(part.hour, sum.visitors)) {
        sum.addHits(block, part.hour, part);
      }
    }
    return sum.totals();
  }

  /** The newest hits of the range, behind `cursor` when given. Throws `BadCursor`. */
  hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Question<HitPage> {
    return this.list.page(range, filter, limit, cursor);
  }

  /** Response times by endpoint and path, by the paths of all devices in the range; costs by its hits. */
  *speedByPath(range: TimeRange, spans: readonly PathSpan[]): Question<PathSpeed[]> {
    const speed = new SpeedByPath(spans, this.catalog.deviceIds());
    let names: Dictionaries | undefined;
    let filter: CompiledFilter | undefined;
    for (const hours of hoursBackwards(this.catalog, range)) {
      for (const hour of hours) {
        // One at a time, so that no more hits are in memory.
        const reader = yield { rollUps: [], hours: [hour] };
        const current = this.catalog.dictionaries();
        if (!filter || names?.version !== current.version) {
          filter = compileFilter(WITH_A_PATH, current);
          names = current;
        }
        for (const block of reader.blocks(hour, filter.visitors))
          speed.add(block, hour, range, filter);
      }
    }
    return speed.result(this.catalog.dictionaries());
  }

  /**
   * Returns what the roll-ups of a question add up to, to go on from, and a reader of its hours. What is remembered needs
   * no roll-ups: those of many collectors are more than a replica keeps, and take seconds to load.
   */
  private *summed<S extends Accumulator<S>>(
    cache: SumCache<S>,
    question: readonly unknown[],
    { rollUps, hours }: Needs,
    addUp: (reader: HitReader) => S,
  ): Question<{ sum: S; reader: HitReader }> {
    const ids = idsOf(rollUps);
    // What was loaded may have brought new names, which no sum from before has.
    const keyNow = () => JSON.stringify([...question, this.catalog.dictionaries().version, ids]);
    if (cache.has(keyNow())) {
      const reader = yield { rollUps: [], hours };
      const sum = cache.copyOf(keyNow());
      if (sum) return { sum, reader };
    }
    const reader = yield { rollUps, hours };
    const key = keyNow();
    const known = cache.copyOf(key);
    if (known) return { sum: known, reader };
    const sum = addUp(reader);
    cache.keep(key, sum.copy());
    return { sum, reader };
  }

  /** What lies before all roll-ups need not be looked for hour by hour. */
  private plan({ from, to }: TimeRange, coarsest: number, catalog: PlanCatalog): RangePlan {
    const first = this.catalog.firstHour() ?? to;
    return planRange({ from: Math.max(from, first), to }, coarsest, catalog, this.periods());
  }
}

const keyOf = ({ from, to }: PartialHour) => `${from} ${to}`;

/** Returns the hours whose hits plans need, each once. */
const hoursOf = (...plans: RangePlan[]) => [
  ...new Set(plans.flatMap(({ partialHours }) => partialHours.map(({ hour }) => hour))),
];

const idsOf = (rollUps: readonly RollUpRef[]) => rollUps.map(({ id }) => id);

function addRows(
  sum: Pick<Accumulator<unknown>, 'addRows' | 'visitors'>,
  rollUps: readonly RollUpRef[],
  reader: HitReader,
): void {
  for (const { resolution, start } of rollUps) {
    const last = start + resolution - 1;
    for (const rows of reader.rows(resolution, start, sum.visitors)) sum.addRows(rows, last);
  }
}
