import { flux } from '@influxdata/influxdb-client';
import type { Dictionaries } from '../../rollup/dictionaries';
import { type HitBlock, unpackHits } from '../../rollup/hit-block';
import type { HitSource } from '../../rollup/hit-source';
import { FINEST, STEPS, startOf } from '../../rollup/resolutions';
import { type CellDetails, type Cells, CellTable, unpackAll } from '../../rollup/roll-up';
import { Bounded } from './bounded';
import { type Catalog, instant } from './catalog';
import type { Influx } from './client';
import { countedHour, readHits, type StoredHit } from './hour';
import { documentOf } from './lines';
import type { Layer } from './points';
import { type LoadedRollUp, unpackRollUp } from './roll-up';

/** What of the past is remembered: roll-ups, and hours of hits. */
const ROLL_UP_BYTES = 48 * 1024 * 1024;
const HIT_BYTES = 32 * 1024 * 1024;

export type Wanted =
  | { kind: 'roll-up'; step: number; start: number }
  | { kind: 'hits'; hour: number };

/** Something a question needs has not been loaded yet. */
export class NotLoaded extends Error {
  constructor(readonly wanted: Wanted) {
    super('not loaded yet');
  }
}

/** An hour of hits as read: `stamp` says of which change. */
type Hour = {
  bytes: number;
  stamp: string;
  hits: StoredHit[];
  blocks: HitBlock[];
  cells: Map<string, Cells & CellDetails>;
};

/** Hits and roll-ups of InfluxDB, loaded before they are asked for; what is missing when asked for is thrown as `NotLoaded`. */
export class InfluxHits implements HitSource {
  private readonly loaded = new Bounded<string, LoadedRollUp>(ROLL_UP_BYTES);
  private readonly hours = new Bounded<number, Hour>(HIT_BYTES);
  /** Hours whose hits from a moment on are to be read again. */
  private readonly changed = new Map<number, number>();
  /** Hours that are being read. */
  private readonly underWay = new Map<number, Promise<void>>();

  constructor(
    private readonly influx: Influx,
    readonly catalog: Catalog,
    private readonly now: () => number = Date.now,
  ) {
    catalog.onHitsChanged = (hour, from) => {
      this.changed.set(hour, Math.min(from, this.changed.get(hour) ?? from));
    };
  }

  dictionaries(): Dictionaries {
    return this.catalog.names.dictionaries();
  }

  nodes(): (string | undefined)[] {
    return this.catalog.names.nodes();
  }

  rollUpId(step: number, start: number): string | undefined {
    if (start + step <= this.oldest()) return undefined;
    const stamps = this.stamps(step, start);
    const made =
      stamps.length > 0 &&
      (step === FINEST ||
        stamps.every(({ collector, of }) =>
          this.catalog.hasRollUp(collector, 'sum', step, start, of),
        ));
    return made ? `${step} ${start} ${stamps.map(({ of }) => of).join(' ')}` : undefined;
  }

  firstHour(): number | undefined {
    const first = this.catalog.firstHour();
    return first === undefined ? undefined : Math.max(first, this.oldest());
  }

  cells(step: number, start: number): (Cells & CellDetails)[] {
    return this.details(step, start);
  }

  details(step: number, start: number): (Cells & CellDetails)[] {
    if (step === FINEST) return this.hourParts(start);
    return this.stamps(step, start).map(({ collector, of }) => {
      const rollUp = this.loaded.get(key(collector, 'sum', step, start));
      if (rollUp?.of !== of) throw new NotLoaded({ kind: 'roll-up', step, start });
      return rollUp.cells;
    });
  }

  blocks(hour: number): HitBlock[] {
    return this.keeps(hour) ? this.hour(hour).blocks : [];
  }

  hoursBefore(end: number, from: number, count: number): number[] {
    const hours = [...this.catalog.hoursIn({ from: from + FINEST - 1, to: end }, ['raw'])];
    return hours
      .filter((hour) => hour >= from && hour < end && this.keeps(hour))
      .sort((a, b) => b - a)
      .slice(0, count);
  }

  /** Whether asking for it would throw. */
  isLoaded(wanted: Wanted): boolean {
    try {
      if (wanted.kind === 'hits') this.blocks(wanted.hour);
      else this.details(wanted.step, wanted.start);
      return true;
    } catch (error) {
      if (error instanceof NotLoaded) return false;
      throw error;
    }
  }

  /** What is loaded, and asked for, from now on stays loaded until the function it returns is called. */
  hold(): () => void {
    const releases = [this.loaded.hold(), this.hours.hold()];
    return () => {
      for (const release of releases) release();
    };
  }

  /** Loads what is missing of `wanted`, neighbours together. Throws `StoreUnavailable`. */
  async load(wanted: readonly Wanted[]): Promise<void> {
    const missing = wanted.filter((piece) => !this.isLoaded(piece));
    const rollUps = missing.flatMap((piece) => (piece.kind === 'roll-up' ? [piece] : []));
    for (const step of new Set(rollUps.map((piece) => piece.step))) {
      const starts = rollUps.filter((piece) => piece.step === step).map(({ start }) => start);
      for (const [from, to] of runs(starts, step)) await this.loadRollUps(step, from, to);
    }
    const hours = new Set(missing.flatMap((piece) => (piece.kind === 'hits' ? [piece.hour] : [])));
    for (const hour of [...hours].sort((a, b) => a - b)) await this.loadHour(hour, true);
    // Hours that nobody has summed up yet, or not since they changed.
    for (const piece of rollUps) {
      if (piece.step === FINEST && !this.isLoaded(piece)) await this.loadHour(piece.start, false);
    }
  }

  /** One collector's hits of an hour, counted one by one. Throws `NotLoaded`. */
  sumOfHits(collector: string, hour: number): Cells & CellDetails {
    return this.hour(hour).cells.get(collector) ?? NOTHING;
  }

  /** One collector's part of a step, in the coarsest roll-ups there are of it. Throws `NotLoaded`. */
  partsOf(collector: string, step: number, start: number): (Cells & CellDetails)[] {
    if (step === FINEST) return this.hourParts(start, [collector]);
    const of = this.catalog.stampOf(collector, step, start);
    if (of === null) return [];
    const rollUp = this.loaded.get(key(collector, 'sum', step, start));
    if (rollUp?.of === of) return [rollUp.cells];
    if (this.catalog.hasRollUp(collector, 'sum', step, start, of)) {
      throw new NotLoaded({ kind: 'roll-up', step, start });
    }
    const finer = STEPS[(STEPS as readonly number[]).indexOf(step) - 1] ?? FINEST;
    const parts: (Cells & CellDetails)[] = [];
    for (let at = start; at < start + step; at += finer)
      parts.push(...this.partsOf(collector, finer, at));
    return parts;
  }

  private hourParts(start: number, only = this.catalog.collectors()): (Cells & CellDetails)[] {
    const parts = this.catalog.parts(start).filter(({ collector }) => only.includes(collector));
    return parts.map(({ collector, layer, seq }) => {
      const rollUp = this.loaded.get(key(collector, layer, FINEST, start));
      if (rollUp?.of === seq) return rollUp.cells;
      throw new NotLoaded({ kind: 'roll-up', step: FINEST, start });
    });
  }

  private hour(hour: number): Hour {
    const known = this.hours.get(hour);
    if (!known || known.stamp !== this.hitStamp(hour)) throw new NotLoaded({ kind: 'hits', hour });
    return known;
  }

  private hitStamp(hour: number): string {
    return this.catalog
      .parts(hour)
      .filter(({ layer }) => layer === 'raw')
      .map(({ collector, seq }) => `${collector} ${seq}`)
      .join('\n');
  }

  private stamps(step: number, start: number): { collector: string; of: string }[] {
    return this.catalog.collectors().flatMap((collector) => {
      const of = this.catalog.stampOf(collector, step, start);
      return of === null ? [] : [{ collector, of }];
    });
  }

  /** Whether retention has left the single hits of an hour. */
  keeps(hour: number): boolean {
    return this.limits().some(({ rawFrom }) => hour >= rawFrom);
  }

  private oldest(): number {
    return Math.min(...this.limits().map(({ rollupsFrom }) => rollupsFrom));
  }

  private limits() {
    const { names } = this.catalog;
    return names.collectors().flatMap((collector) => names.document(collector) ?? []);
  }

  private async loadRollUps(step: number, from: number, to: number): Promise<void> {
    const found = new Map<
      string,
      { place: [string, Layer, number]; fields: Map<string, string> }
    >();
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('rollups')}) |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == "observatory_rollup" and r.step == ${String(step)} and r._field != "of")
        |> keep(columns: ["_time", "_field", "_value", "collector", "layer"])`,
      (get) => ({
        place: [get('collector'), get('layer') as Layer, Date.parse(get('_time'))] as [
          string,
          Layer,
          number,
        ],
        field: get('_field'),
        value: get('_value'),
      }),
    );
    for (const { place, field, value } of rows) {
      const name = key(place[0], place[1], step, place[2]);
      const entry = found.get(name) ?? { place, fields: new Map<string, string>() };
      entry.fields.set(field, value);
      found.set(name, entry);
    }
    for (const [name, { place, fields }] of found) {
      const bytes = documentOf(fields);
      const rollUp = bytes && unpackRollUp(bytes, place[0], this.catalog.names);
      if (!rollUp) continue;
      this.loaded.set(name, rollUp);
      this.catalog.noteRollUp(place[0], place[1], step, place[2], rollUp.of);
    }
  }

  /** What an hour of hits adds up to stands in for the roll-ups that nobody has made yet. */
  private noteSums(
    hour: number,
    parts: readonly { collector: string; seq: string }[],
    cells: ReadonlyMap<string, Cells & CellDetails>,
  ): void {
    for (const { collector, seq } of parts) {
      const sum = cells.get(collector) ?? NOTHING;
      const rollUp = { of: seq, bytes: 500 + sum.n * 40, cells: sum };
      this.loaded.set(key(collector, 'raw', FINEST, hour), rollUp);
    }
  }

  /** One after another: what is new of an hour is added to what the one before has read. */
  private async loadHour(hour: number, withHits: boolean): Promise<void> {
    const before = this.underWay.get(hour)?.catch(() => {});
    const turn = Promise.resolve(before).then(() => this.readHour(hour, withHits));
    this.underWay.set(hour, turn);
    try {
      await turn;
    } finally {
      if (this.underWay.get(hour) === turn) this.underWay.delete(hour);
    }
  }

  /** The hits of an hour, or their sums alone; of one that has only grown at its end, what is new. */
  private async readHour(hour: number, withHits: boolean): Promise<void> {
    const before = this.hours.get(hour);
    const stamp = this.hitStamp(hour);
    const parts = this.catalog.parts(hour).filter(({ layer }) => layer === 'raw');
    const changedFrom = this.changed.get(hour);
    if (before && before.stamp === stamp && changedFrom === undefined) {
      this.noteSums(hour, parts, before.cells);
      return;
    }
    const grows = before !== undefined && before.hits.length > 0 && changedFrom !== undefined;
    const from = grows ? Math.max(hour, startOf(changedFrom, 1_000)) : hour;
    this.changed.delete(hour);
    try {
      const fresh = await readHits(this.influx, from, hour + FINEST);
      const kept = grows ? before.hits.filter(({ hit }) => hit[0] * 1_000 < from) : [];
      const { hits, blocks, cells } = countedHour(hour, [...kept, ...fresh], this.catalog.names);
      // Only an hour that still grows is worth keeping hit by hit.
      const growing = hour > this.now() - 2 * FINEST;
      const sums = new Map([...cells].map(([name, table]) => [name, unpackAll(table.pack())]));
      this.noteSums(hour, parts, sums);
      if (!withHits && !growing) return;
      this.hours.set(hour, {
        bytes: 500 + hits.length * (growing ? 700 : 120),
        stamp,
        hits: growing ? hits : [],
        blocks: blocks.map(unpackHits),
        cells: sums,
      });
    } catch (error) {
      this.changed.set(hour, changedFrom === undefined ? hour : Math.min(from, changedFrom));
      throw error;
    }
  }
}

const NOTHING = unpackAll(new CellTable().pack());

const key = (collector: string, layer: Layer, step: number, start: number) =>
  `${collector} ${layer} ${step} ${start}`;

/** Starts that lie close together, as ranges to ask for at once. */
function runs(starts: readonly number[], step: number): [number, number][] {
  const found: [number, number][] = [];
  for (const start of [...new Set(starts)].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && start - last[1] <= 4 * step && start - last[0] < 400 * step) last[1] = start + step;
    else found.push([start, start + step]);
  }
  return found;
}
