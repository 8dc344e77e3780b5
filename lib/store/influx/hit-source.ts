import type { TimeRange } from '../../domain/access';
import { isTimeZone, TimeZone } from '../../domain/time-zone';
import type { Dictionaries } from '../../rollup/dictionaries';
import type { HitBlock } from '../../rollup/hit-block';
import type { HitCatalog, HitReader } from '../../rollup/hit-source';
import { Periods, UTC_PERIODS } from '../../rollup/periods';
import type { Needs } from '../../rollup/question';
import { type PlanCatalog, planRange } from '../../rollup/range-plan';
import { HOURLY, RESOLUTIONS, startOf } from '../../rollup/resolutions';
import { type RollUp, unpackRollUp } from '../../rollup/roll-up';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import { Catalog } from './catalog';
import type { Influx } from './client';
import { HourLoader } from './hour-loader';
import { RollUpLoader, type RollUpPart } from './roll-up-loader';

/** The hits and roll-ups in InfluxDB: what exists, and a loader of what a query needs. */
export class InfluxHitSource implements HitCatalog {
  readonly catalog: Catalog;
  private readonly ownPeriods: Periods | undefined;
  private readonly periodsOf = new Map<string, Periods>();
  private readonly rollUps: RollUpLoader;
  private readonly hours: HourLoader;

  constructor(
    influx: Influx,
    /** Those of the time zone that roll-ups are made for; of that of the collectors, unless given. */
    periods?: Periods,
    private readonly now: () => number = Date.now,
  ) {
    this.ownPeriods = periods;
    this.catalog = new Catalog(influx, now);
    this.rollUps = new RollUpLoader(influx, this.catalog);
    this.hours = new HourLoader(influx, this.catalog, now);
  }

  /** Returns the periods of a collector's time zone: ours, or that of the first collector that has said one. */
  readonly periods = (): Periods => {
    if (this.ownPeriods) return this.ownPeriods;
    const zone = this.limits().find(({ timeZone }) => timeZone && isTimeZone(timeZone))?.timeZone;
    const name = zone ?? UTC_PERIODS.zone.name;
    const periods = this.periodsOf.get(name) ?? new Periods(new TimeZone(name));
    this.periodsOf.set(name, periods);
    return periods;
  };

  dictionaries(): Dictionaries {
    return this.catalog.names.dictionaries();
  }

  deviceIds(): (string | undefined)[] {
    return this.catalog.names.nodes();
  }

  /** An hour can always be made from its hits; other roll-ups require that all collectors have made theirs. */
  rollUpId(resolution: number, start: number): string | undefined {
    if (start + resolution <= this.oldestRollUps()) return undefined;
    const stamps: string[] = [];
    for (const collector of this.catalog.collectors()) {
      const inventory = this.catalog.inventory(collector);
      const of = inventory.stampOf(resolution, start);
      if (of === null) continue;
      const edition =
        resolution === HOURLY
          ? inventory.edition('raw', HOURLY, start, inventory.seqOf('raw', start) ?? '')
          : inventory.edition('sum', resolution, start, of);
      if (edition === 0 && resolution !== HOURLY) return undefined;
      stamps.push(`${of}.${edition}`);
    }
    return stamps.length > 0 ? `${resolution} ${start} ${stamps.join(' ')}` : undefined;
  }

  firstHour(): number | undefined {
    const firsts = this.catalog
      .collectors()
      .flatMap((collector) => this.catalog.inventory(collector).firstHour ?? []);
    return firsts.length > 0 ? Math.max(Math.min(...firsts), this.oldestRollUps()) : undefined;
  }

  hasHits(hour: number): boolean {
    const hasSome = (collector: string) =>
      this.catalog.inventory(collector).seqOf('raw', hour) !== undefined;
    return this.keepsHits(hour) && this.catalog.collectors().some(hasSome);
  }

  /** Returns what a plan asks of one collector's hits and roll-ups. */
  catalogOf(collector: string): PlanCatalog {
    const inventory = this.catalog.inventory(collector);
    return {
      rollUpId: (length, start) => {
        const of = inventory.stampOf(length, start);
        if (of === null) return undefined;
        return length === HOURLY || inventory.hasRollUp('sum', length, start, of) ? of : undefined;
      },
      // Hits that InfluxDB never had cannot be told apart by their time.
      hasHits: (hour) =>
        inventory.seqOf('past', hour) === undefined &&
        inventory.seqOf('raw', hour) !== undefined &&
        hour >= (this.catalog.names.document(collector)?.rawFrom ?? 0),
    };
  }

  hoursBefore(end: number, from: number, count: number): number[] {
    const range = { from: from + HOURLY - 1, to: end };
    const hours = this.catalog
      .collectors()
      .flatMap((collector) => [...this.catalog.inventory(collector).hoursIn(range, ['raw'])]);
    return [...new Set(hours)]
      .filter((hour) => this.keepsHits(hour))
      .sort((a, b) => b - a)
      .slice(0, count);
  }

  /** Loads what a query needs. Throws `StoreUnavailable`. */
  async load(needs: Needs): Promise<HitReader> {
    const parts = new Map<string, RollUpPart[]>();
    for (const { resolution, start } of needs.rollUps) {
      const key = keyOf(resolution, start);
      if (!parts.has(key)) parts.set(key, this.partsOfAll(resolution, start));
    }
    const loaded = await this.loadParts([...parts.values()].flat());
    const blocks = new Map<number, readonly HitBlock[]>();
    for (const hour of needs.hours) blocks.set(hour, (await this.loadHour(hour, true)).blocks);
    const rollUp = (resolution: number, start: number) =>
      (parts.get(keyOf(resolution, start)) ?? []).flatMap((part) => loaded.get(part) ?? []);
    return { rows: rollUp, rollUp, blocks: (hour) => blocks.get(hour) ?? [] };
  }

  /**
   * Loads what one collector's hits of a period are made up of, by roll-ups shorter than `resolution`; of a part of an
   * hour, by its hits. Throws `StoreUnavailable`.
   */
  async loadFiner(collector: string, period: TimeRange, resolution: number): Promise<RollUp[]> {
    if (period.to - period.from < HOURLY) return this.loadPart(collector, period);
    const loaded = await this.loadParts(this.finerParts(collector, period, resolution));
    return [...loaded.values()].flat();
  }

  /** Loads the hits of one collector's hour and adds them up. Throws `StoreUnavailable`. */
  async loadSum(collector: string, hour: number): Promise<RollUp[]> {
    const sum = (await this.loadHour(hour, false)).sums.get(collector);
    return sum ? [sum] : [];
  }

  /** Loads the hits of a part of one collector's hour and adds them up. Throws `StoreUnavailable`. */
  private async loadPart(collector: string, { from, to }: TimeRange): Promise<RollUp[]> {
    const hour = startOf(from, HOURLY);
    const { blocks } = await this.loadHour(hour, true);
    const { collector: collectors } = this.catalog.names.dictionaries();
    const sum = new RollUpBuilder();
    const isOwn = (visitor: number) => collectors?.[visitor] === collector;
    for (const block of blocks) sum.addBlock(block, { from: from - hour, to: to - hour }, isOwn);
    return [unpackRollUp(sum.pack())];
  }

  private partsOfAll(resolution: number, start: number): RollUpPart[] {
    return this.catalog
      .collectors()
      .flatMap((collector) => this.partsOf(collector, resolution, start));
  }

  /** Returns the parts of one collector's hits in a period: its roll-up, or shorter ones where there is none. */
  private partsOf(collector: string, resolution: number, start: number): RollUpPart[] {
    const inventory = this.catalog.inventory(collector);
    if (resolution === HOURLY) {
      return (['raw', 'past'] as const).flatMap((layer) => {
        const of = inventory.seqOf(layer, start);
        return of === undefined ? [] : [{ collector, layer, resolution, start, of }];
      });
    }
    const of = inventory.stampOf(resolution, start);
    if (of === null) return [];
    if (inventory.hasRollUp('sum', resolution, start, of)) {
      return [{ collector, layer: 'sum', resolution, start, of }];
    }
    return this.finerParts(collector, { from: start, to: start + resolution }, resolution);
  }

  /** Returns the roll-ups shorter than a resolution, and the parts of hours, that make up one collector's period. */
  private finerParts(collector: string, period: TimeRange, resolution: number): RollUpPart[] {
    const inventory = this.catalog.inventory(collector);
    const finer = RESOLUTIONS.findLast((other) => other < resolution) ?? HOURLY;
    const plan = planRange(period, finer, this.catalogOf(collector), this.periods());
    const whole = plan.rollUps.flatMap(({ resolution: length, start }) =>
      this.partsOf(collector, length, start),
    );
    const parts = plan.partialHours.map(({ from, to }): RollUpPart => {
      const of = inventory.stampOf(to - from, from) ?? '';
      return { collector, layer: 'sum', resolution: to - from, start: from, of };
    });
    return [...whole, ...parts];
  }

  private async loadParts(
    parts: readonly RollUpPart[],
  ): Promise<Map<RollUpPart, readonly RollUp[]>> {
    const loaded = new Map<RollUpPart, readonly RollUp[]>();
    const missing: RollUpPart[] = [];
    for (const part of parts) {
      const cached = this.rollUps.recall(part);
      if (cached) loaded.set(part, [cached]);
      else missing.push(part);
    }
    // No roll-up exists of an hour that is not over, nor of a part of one unless it is known.
    const mayExist = ({ collector, layer, start, resolution, of }: RollUpPart) =>
      start + resolution <= this.now() &&
      (resolution >= HOURLY ||
        this.catalog.inventory(collector).hasRollUp(layer, resolution, start, of));
    const read = await this.rollUps.read(missing.filter(mayExist));
    for (const part of missing) {
      const rollUp = read.get(part);
      loaded.set(part, rollUp ? [rollUp] : await this.loadInstead(part));
    }
    return loaded;
  }

  /** Loads what a missing or outdated roll-up would be made of. */
  private async loadInstead({ collector, layer, resolution, start }: RollUpPart) {
    const period = { from: start, to: start + resolution };
    if (layer === 'sum') return this.loadFiner(collector, period, resolution);
    // Hits that InfluxDB never had exist nowhere else.
    return layer === 'raw' ? this.loadSum(collector, start) : [];
  }

  private async loadHour(hour: number, remember: boolean) {
    const loaded = await this.hours.load(hour, remember);
    for (const { collector, seq: of } of loaded.seqs) {
      const part = { collector, layer: 'raw' as const, resolution: HOURLY, start: hour, of };
      const sum = loaded.sums.get(collector);
      if (sum && !this.rollUps.recall(part)) this.rollUps.remember(part, sum);
    }
    return loaded;
  }

  /** Returns whether retention has kept the single hits of an hour. */
  private keepsHits(hour: number): boolean {
    return this.limits().some(({ rawFrom }) => hour >= rawFrom);
  }

  private oldestRollUps(): number {
    return Math.min(...this.limits().map(({ rollupsFrom }) => rollupsFrom));
  }

  private limits() {
    const { names } = this.catalog;
    return names.collectors().flatMap((collector) => names.document(collector) ?? []);
  }
}

const keyOf = (resolution: number, start: number) => `${resolution} ${start}`;
