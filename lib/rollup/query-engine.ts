import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../domain/access';
import type { PathSpan, PathSpeed } from '../domain/connection';
import type { Accumulator } from './accumulator';
import type { Dictionaries } from './dictionaries';
import { type CompiledFilter, compileFilter } from './filter';
import { HitList, type HitPage } from './hit-list';
import type { HitCatalog, HitReader, RollUpRef } from './hit-source';
import { hoursBackwards } from './hours-backwards';
import type { Question } from './question';
import { planRange, type RangePlan } from './range-plan';
import { COARSEST, seriesResolution, startOf } from './resolutions';
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

  constructor(private readonly catalog: HitCatalog) {
    this.list = new HitList(catalog);
  }

  /** What the dashboard shows of a range. */
  *usage(range: TimeRange, filter: AccessFilter): Question<Usage> {
    const step = seriesResolution(range);
    const series = this.plan(range, step);
    // Sizes and response times are in no series: the fewest and coarsest roll-ups do.
    const details = this.plan(range, COARSEST);
    const rollUps = [...series.rollUps, ...details.rollUps];
    const reader = yield { rollUps, hours: series.partialHours };
    // Afterwards, since what was loaded may have brought new names.
    const names = this.catalog.dictionaries();
    const points = [step, startOf(range.from, step), Math.ceil(range.to / step)];
    const sum = this.usages.copyOf([points, filter, names.version, idsOf(rollUps)], () => {
      const whole = UsageAccumulator.of(names, compileFilter(filter, names), range, step);
      addRows(whole, series.rollUps, reader);
      for (const { resolution, start } of details.rollUps) {
        for (const rollUp of reader.rollUp(resolution, start)) whole.addDetails(rollUp);
      }
      return whole;
    });
    addHits(sum, series.partialHours, range, reader);
    return sum.usage();
  }

  /** The totals of `usage` alone. */
  *totals(range: TimeRange, filter: AccessFilter): Question<UsageTotals> {
    const { rollUps, partialHours } = this.plan(range, COARSEST);
    const reader = yield { rollUps, hours: partialHours };
    const names = this.catalog.dictionaries();
    const sum = this.allTotals.copyOf([filter, names.version, idsOf(rollUps)], () => {
      const whole = new TotalsAccumulator(names, compileFilter(filter, names));
      addRows(whole, rollUps, reader);
      return whole;
    });
    addHits(sum, partialHours, range, reader);
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
        for (const block of reader.blocks(hour)) speed.add(block, hour, range, filter);
      }
    }
    return speed.result(this.catalog.dictionaries().endpoints);
  }

  /** What lies before all roll-ups need not be looked for hour by hour. */
  private plan({ from, to }: TimeRange, coarsest: number): RangePlan {
    const first = this.catalog.firstHour() ?? to;
    return planRange({ from: Math.max(from, first), to }, coarsest, this.catalog);
  }
}

const idsOf = (rollUps: readonly RollUpRef[]) => rollUps.map(({ id }) => id);

function addRows(
  sum: Pick<Accumulator<unknown>, 'addRows'>,
  rollUps: readonly RollUpRef[],
  reader: HitReader,
): void {
  for (const { resolution, start } of rollUps) {
    for (const rows of reader.rows(resolution, start)) sum.addRows(rows, start);
  }
}

function addHits(
  sum: Pick<Accumulator<unknown>, 'addHits'>,
  hours: readonly number[],
  range: TimeRange,
  reader: HitReader,
): void {
  for (const hour of hours) {
    for (const block of reader.blocks(hour)) sum.addHits(block, hour, range);
  }
}
