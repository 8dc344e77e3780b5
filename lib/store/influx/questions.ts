import type { AccessFilter, TimeRange, Usage, UsageTotals } from '../../domain/access';
import type { PathSpan, PathSpeed } from '../../domain/connection';
import { Queries } from '../../rollup/query-engine';
import { cover, FINEST, STEPS, seriesStep, startOf } from '../../rollup/resolutions';
import type { HitPage } from '../ports/accesses';
import { hitCursor, parseHitCursor } from '../ports/cursor';
import { StoreUnavailable } from '../ports/store-unavailable';
import { SpeedByPath } from '../sqlite/paths';
import { Catalog } from './catalog';
import type { Influx } from './client';
import { InfluxHits, NotLoaded, type Wanted } from './hits';

const COARSEST = STEPS[STEPS.length - 1] ?? FINEST;
/** While hits pour in, what a question needs may change under it: it starts over so many times. */
const ATTEMPTS = 400;
/** So many hours are loaded at a time when hits are looked for backwards, at first and at most. */
const AHEAD = { first: 1, most: 256 };

/**
 * Answers questions about hits from InfluxDB: loads the roll-ups and hours they need, bounded and remembered, and adds
 * them up with the same code, and so to the same numbers, as the SQLite store.
 */
export class Questions {
  readonly catalog: Catalog;
  private readonly hitSource: InfluxHits;
  private readonly queries: Queries;

  constructor(influx: Influx, now: () => number = Date.now) {
    this.catalog = new Catalog(influx, now);
    this.hitSource = new InfluxHits(influx, this.catalog, now);
    this.queries = new Queries(this.hitSource);
  }

  usage(range: TimeRange, filter: AccessFilter): Promise<Usage> {
    const step = seriesStep(range);
    return this.answer(range, [step, COARSEST], () => this.queries.usage(range, filter));
  }

  totals(range: TimeRange, filter: AccessFilter): Promise<UsageTotals> {
    return this.answer(range, [COARSEST], () => this.queries.totals(range, filter));
  }

  /** Throws `BadCursor`. */
  async hits(
    range: TimeRange,
    filter: AccessFilter,
    limit: number,
    cursor: string | null,
  ): Promise<HitPage> {
    const after = cursor === null ? null : parseHitCursor(cursor);
    const ask = () => this.queries.hits(range, filter, limit, after);
    const { hits, next } = await this.answer(range, [], ask);
    return { hits, nextCursor: next && hitCursor(next) };
  }

  /** Hour by hour, so that no more hits have to be held at a time, however many there are. */
  async speedByPath(range: TimeRange, spans: readonly PathSpan[]): Promise<PathSpeed[]> {
    await this.catalog.refresh(range);
    const speed = new SpeedByPath(spans, this.hitSource.nodes());
    const first = startOf(range.from, FINEST);
    for (const hour of this.hitSource.hoursBefore(range.to, first, Number.POSITIVE_INFINITY)) {
      const hits: Wanted[] = [{ kind: 'hits', hour }];
      await this.loading(
        range,
        () => hits,
        () => {
          for (const block of this.hitSource.blocks(hour)) speed.add(block, hour, range);
        },
      );
    }
    return speed.result(this.hitSource.dictionaries().endpoints);
  }

  /** What a roll-up of one collector is to be made of, and the stamp of it; `null` when there is nothing. */
  async toRollUp(collector: string, step: number, start: number) {
    const range = { from: start, to: start + step };
    await this.catalog.refreshHours(range);
    const wanted = (): Wanted[] =>
      step === FINEST
        ? [{ kind: 'hits', hour: start }]
        : [...this.catalog.hoursIn(range)].map((hour) => ({
            kind: 'roll-up',
            step: FINEST,
            start: hour,
          }));
    return this.loading(range, wanted, () => {
      const of =
        step === FINEST
          ? this.catalog.parts(start).find((p) => p.collector === collector && p.layer === 'raw')
              ?.seq
          : this.catalog.stampOf(collector, step, start);
      if (of === undefined || of === null) return null;
      const parts =
        step === FINEST
          ? [this.hitSource.sumOfHits(collector, start)]
          : this.hitSource.partsOf(collector, step, start);
      return { of, parts };
    });
  }

  /** `coarsest`: the covers of the range that the question adds up. */
  private async answer<T>(range: TimeRange, coarsest: number[], ask: () => T): Promise<T> {
    await this.catalog.refresh(range);
    return this.loading(range, () => this.pieces(range, coarsest), ask);
  }

  private async loading<T>(range: TimeRange, pieces: () => Wanted[], ask: () => T): Promise<T> {
    let ahead = AHEAD.first;
    const release = this.hitSource.hold();
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        await this.hitSource.load(pieces());
        try {
          return ask();
        } catch (error) {
          if (!(error instanceof NotLoaded)) throw error;
          await this.hitSource.load(this.before(error.wanted, range, ahead));
          ahead = Math.min(ahead * 2, AHEAD.most);
        }
      }
    } finally {
      release();
    }
    throw new StoreUnavailable(
      'busy',
      'hits are arriving faster than they can be counted; try again',
    );
  }

  private pieces(range: TimeRange, coarsest: number[]): Wanted[] {
    const idOf = (step: number, start: number) => this.hitSource.rollUpId(step, start);
    const from = Math.max(range.from, this.hitSource.firstHour() ?? range.to);
    return coarsest.flatMap((step) => {
      const { rollups, cut } = cover({ from, to: range.to }, step, idOf);
      return [
        ...rollups.map((piece) => ({ kind: 'roll-up' as const, ...piece })),
        ...cut.flatMap(({ start }) => [
          this.hitSource.keeps(start)
            ? { kind: 'hits' as const, hour: start }
            : { kind: 'roll-up' as const, step: FINEST, start },
        ]),
      ];
    });
  }

  /** What was missing, and what is likely to be asked for next: lists are read backwards. */
  private before(wanted: Wanted, range: TimeRange, count: number): Wanted[] {
    const last = wanted.kind === 'hits' ? wanted.hour : wanted.start;
    if (wanted.kind === 'roll-up' && wanted.step !== FINEST) return [wanted];
    // Hits weigh more than their sums.
    const many = wanted.kind === 'hits' ? Math.ceil(count / 16) : count;
    const from = startOf(range.from, FINEST);
    const hours = this.hitSource.hoursBefore(last, from, many - 1);
    return [
      wanted,
      ...hours.map(
        (hour): Wanted =>
          wanted.kind === 'hits'
            ? { kind: 'hits', hour }
            : { kind: 'roll-up', step: FINEST, start: hour },
      ),
    ];
  }
}
