import type { Dictionaries } from '../../rollup/dictionaries';
import type { HitBlock } from '../../rollup/hit-block';
import type { HitCatalog, HitReader } from '../../rollup/hit-source';
import type { Needs } from '../../rollup/question';
import { HOURLY, RESOLUTIONS } from '../../rollup/resolutions';
import type { RollUp } from '../../rollup/roll-up';
import { Catalog } from './catalog';
import type { Influx } from './client';
import { HourLoader } from './hour-loader';
import { RollUpLoader, type RollUpPart } from './roll-up-loader';

/** The hits and roll-ups in InfluxDB: what exists, and a loader of what a query needs. */
export class InfluxHitSource implements HitCatalog {
  readonly catalog: Catalog;
  private readonly rollUps: RollUpLoader;
  private readonly hours: HourLoader;

  constructor(
    influx: Influx,
    private readonly now: () => number = Date.now,
  ) {
    this.catalog = new Catalog(influx, now);
    this.rollUps = new RollUpLoader(influx, this.catalog);
    this.hours = new HourLoader(influx, this.catalog, now);
  }

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

  /** Loads what one collector's roll-up of more than an hour is made of. Throws `StoreUnavailable`. */
  async loadFiner(collector: string, resolution: number, start: number): Promise<RollUp[]> {
    const loaded = await this.loadParts(this.finerParts(collector, resolution, start));
    return [...loaded.values()].flat();
  }

  /** Loads the hits of one collector's hour and adds them up. Throws `StoreUnavailable`. */
  async loadSum(collector: string, hour: number): Promise<RollUp[]> {
    const sum = (await this.loadHour(hour, false)).sums.get(collector);
    return sum ? [sum] : [];
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
    return this.finerParts(collector, resolution, start);
  }

  private finerParts(collector: string, resolution: number, start: number): RollUpPart[] {
    const finer = RESOLUTIONS.findLast((other) => other < resolution) ?? HOURLY;
    const starts = Array.from({ length: resolution / finer }, (_, i) => start + i * finer);
    return starts.flatMap((at) => this.partsOf(collector, finer, at));
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
    // No roll-up exists of an hour that is not over.
    const isOver = ({ start, resolution }: RollUpPart) => start + resolution <= this.now();
    const read = await this.rollUps.read(missing.filter(isOver));
    for (const part of missing) {
      const rollUp = read.get(part);
      loaded.set(part, rollUp ? [rollUp] : await this.loadInstead(part));
    }
    return loaded;
  }

  /** Loads what a missing or outdated roll-up would be made of. */
  private async loadInstead({ collector, layer, resolution, start }: RollUpPart) {
    if (layer === 'sum') return this.loadFiner(collector, resolution, start);
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
