import { flux } from '@influxdata/influxdb-client';
import { z } from 'zod';
import { CLIENT_KINDS, type TimeRange } from '../../domain/access';
import type { PathSpan } from '../../domain/connection';
import { type CellDetails, type Cells, CellTable, unpackAll } from '../cells';
import type { Dictionaries } from '../dictionaries';
import { HitBatch } from '../hit-batch';
import { BLOCK_CAPACITY, type HitBlock, HitBlockBuilder, unpackHits } from '../hit-block';
import type { HitSource } from '../hit-source';
import { FINEST, STEPS, startOf } from '../ladder';
import { Bounded } from './bounded';
import { type Catalog, instant } from './catalog';
import type { Influx } from './client';
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

const hitSchema = z.tuple([
  z.number(), // second
  z.number(), // millisecond
  z.string(), // identity of the file
  z.number(), // number of the file
  z.number(), // offset
  z.string(), // visitor
  z.string().nullable(), // address that the visitor does not tell
  z.string(), // endpoint
  z.string().nullable(), // method
  z.string().nullable(), // path
  z.number(), // status
  z.number(), // response time
  z.number(), // bytes
  z.number(), // client
]);
type StoredHit = { collector: string; hit: z.infer<typeof hitSchema> };

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
  /** Those of the question under way. */
  pathSpans: PathSpan[] = [];

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

  spans(): PathSpan[] {
    return this.pathSpans;
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

  /** Loads what is missing of `wanted`, neighbours together. Throws `StoreUnavailable`. */
  async load(wanted: readonly Wanted[]): Promise<void> {
    const missing = wanted.filter((piece) => !this.isLoaded(piece));
    const rollUps = missing.flatMap((piece) => (piece.kind === 'roll-up' ? [piece] : []));
    for (const step of new Set(rollUps.map((piece) => piece.step))) {
      const starts = rollUps.filter((piece) => piece.step === step).map(({ start }) => start);
      for (const [from, to] of runs(starts, step)) await this.loadRollUps(step, from, to);
    }
    const hours = new Set([
      ...missing.flatMap((piece) => (piece.kind === 'hits' ? [piece.hour] : [])),
      // Hours that nobody has summed up yet, or not since they changed.
      ...rollUps
        .filter(
          ({ step, start }) => step === FINEST && !this.isLoaded({ kind: 'roll-up', step, start }),
        )
        .map(({ start }) => start),
    ]);
    for (const hour of [...hours].sort((a, b) => a - b)) await this.loadHour(hour);
  }

  /** One collector's hits of an hour, counted one by one. Throws `NotLoaded`. */
  sumOfHits(collector: string, hour: number): Cells & CellDetails {
    return this.hour(hour).cells.get(collector) ?? unpackAll(new CellTable().pack());
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
      const missing = new NotLoaded({ kind: 'roll-up', step: FINEST, start });
      if (layer === 'past' || this.catalog.hasRollUp(collector, layer, FINEST, start, seq))
        throw missing;
      const cells = this.hour(start, missing).cells.get(collector);
      return cells ?? unpackAll(new CellTable().pack());
    });
  }

  private hour(hour: number, otherwise = new NotLoaded({ kind: 'hits', hour })): Hour {
    const known = this.hours.get(hour);
    if (!known || known.stamp !== this.hitStamp(hour)) throw otherwise;
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

  /** The hits of an hour; of one that has only grown at its end, what is new. */
  private async loadHour(hour: number): Promise<void> {
    const before = this.hours.get(hour);
    const stamp = this.hitStamp(hour);
    const changedFrom = this.changed.get(hour);
    if (before && before.stamp === stamp && changedFrom === undefined) return;
    const grows = before !== undefined && before.hits.length > 0 && changedFrom !== undefined;
    const from = grows ? Math.max(hour, startOf(changedFrom, 1_000)) : hour;
    this.changed.delete(hour);
    try {
      const fresh = await this.readHits(from, hour + FINEST);
      const kept = grows ? before.hits.filter(({ hit }) => hit[0] * 1_000 < from) : [];
      this.hours.set(hour, this.hourOf(hour, stamp, [...kept, ...fresh]));
    } catch (error) {
      this.changed.set(hour, changedFrom === undefined ? hour : Math.min(from, changedFrom));
      throw error;
    }
  }

  private async readHits(from: number, to: number): Promise<StoredHit[]> {
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('raw')}) |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == "tailscale_access" and r._field == "hit")
        |> keep(columns: ["_value", "collector"])`,
      (get) => ({ collector: get('collector'), value: get('_value') }),
    );
    const hits: StoredHit[] = [];
    for (const { collector, value } of rows) {
      const parsed = hitSchema.safeParse(JSON.parse(value));
      // A point of somebody else's making is not ours to count.
      if (parsed.success) hits.push({ collector, hit: parsed.data });
    }
    return hits;
  }

  private hourOf(hour: number, stamp: string, all: readonly StoredHit[]): Hour {
    const { names } = this.catalog;
    const hits = unique(all);
    const batch = new HitBatch(Math.max(1, hits.length));
    for (const { collector, hit } of hits) {
      const [
        second,
        ms,
        ,
        file,
        offset,
        key,
        ip,
        endpoint,
        method,
        path,
        status,
        took,
        bytes,
        client,
      ] = hit;
      batch.add(
        {
          time: second * 1_000 + ms,
          // Who it is goes by the visitor below; what stands here is the address when the visitor does not tell it.
          ip: `${collector}\n${key}\n${ip ?? ''}`,
          method,
          path,
          endpoint,
          status: status || null,
          responseMs: took < 0 ? null : took,
          bytes: bytes < 0 ? null : bytes,
          client: CLIENT_KINDS[client] ?? 'unknown',
        },
        fileNumber(collector, file),
        offset,
      );
    }
    const who = batch.ips.map((text) => {
      const [collector = '', key = '', ip = ''] = text.split('\n');
      return { collector, visitor: names.visitor(collector, key), ip: ip === '' ? null : ip };
    });
    const endpoints = batch.endpoints.map((name) => names.endpoint(name));
    const tables = new Map<string, CellTable>();
    const blocks: HitBlock[] = [];
    let block = new HitBlockBuilder(hour);
    const { columns } = batch;
    for (let i = 0; i < batch.length; i++) {
      if (block.n >= BLOCK_CAPACITY) {
        blocks.push(unpackHits(block.pack()));
        block = new HitBlockBuilder(hour);
      }
      const by = who[columns.ip[i] ?? 0] ?? { collector: '', visitor: 0, ip: null };
      const endpoint = endpoints[columns.endpoint[i] ?? 0] ?? 0;
      const table = tables.get(by.collector) ?? new CellTable();
      tables.set(by.collector, table);
      const ms = columns.responseMs[i] ?? -1;
      const size = Math.max(0, columns.bytes[i] ?? 0);
      const isBot = CLIENT_KINDS[columns.client[i] ?? 0] === 'bot';
      table.add(by.visitor, endpoint, columns.status[i] ?? 0, isBot, size, ms < 0 ? null : ms);
      block.add(
        batch,
        i,
        by.visitor,
        endpoint,
        block.string(batch.methods[columns.method[i] ?? 0] ?? null),
        block.string(batch.paths[columns.path[i] ?? 0] ?? null),
        block.string(by.ip),
      );
    }
    blocks.push(unpackHits(block.pack()));
    const cells = new Map([...tables].map(([name, table]) => [name, unpackAll(table.pack())]));
    // Only an hour that still grows is worth keeping hit by hit.
    const grows = hour > this.now() - 2 * FINEST;
    const bytes = 500 + hits.length * (grows ? 700 : 120);
    return { bytes, stamp, hits: grows ? hits : [], blocks, cells };
  }
}

/** In the order of the log, each place once: a hit may lie there under two names of its visitor. */
function unique(hits: readonly StoredHit[]): StoredHit[] {
  const place = ({ collector, hit }: StoredHit) => `${collector} ${hit[2]} ${hit[4]}`;
  const seen = new Map<string, StoredHit>();
  for (const stored of hits) {
    const other = seen.get(place(stored));
    if (!other || stored.hit[3] < other.hit[3]) seen.set(place(stored), stored);
  }
  return [...seen.values()].sort(
    (a, b) =>
      a.hit[0] - b.hit[0] || a.hit[1] - b.hit[1] || a.hit[3] - b.hit[3] || a.hit[4] - b.hit[4],
  );
}

/** A number for a file among those of all collectors that every replica gives alike. */
function fileNumber(collector: string, file: number): number {
  let hash = 0;
  for (const char of collector) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return ((hash % 4_096) * 0x10_0000 + (file & 0xf_ffff)) >>> 0;
}

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
