import { flux, fluxDateTime } from '@influxdata/influxdb-client';
import { z } from 'zod';
import type { TimeRange } from '../../domain/access';
import { FINEST, startOf } from '../../rollup/resolutions';
import type { Influx } from './client';
import { digest, documentOf } from './lines';
import { Names, namesDocument } from './names';
import type { Layer } from './points';

/** A question asked again so soon is answered from what is known. */
const FRESH_MS = 250;
/** Everything is looked up anew after this long, in case a change was missed (clocks that differ, an outage). */
const WHOLE_MS = 60_000;
/** A change is told by the clock of its collector and may take this long to be written. */
const OVERLAP_MS = 60_000;
const HOUR = 3_600_000;

const changeSchema = z.object({
  hour: z.number(),
  from: z.number(),
  seq: z.string(),
  step: z.number(),
});

/** A flux time; milliseconds. */
export const instant = (ms: number) => fluxDateTime(new Date(Math.max(1, ms)).toISOString());

/**
 * What lies in InfluxDB: which hours have hits, which roll-ups there are and what each was made of, and the names. Kept
 * up to date by reading what changed since the last look, which is little, however long the history.
 */
export class Catalog {
  readonly names = new Names();
  /** By collector and layer: the hours that have hits, and the stamp of their last change. */
  private readonly hours = new Map<string, Map<number, string>>();
  /** By collector, layer and step: the roll-ups, and what they were made of. */
  private readonly rollUps = new Map<string, Map<number, string>>();
  private readonly stamps = new Map<string, { version: number; stamp: string | null }>();
  private covered: TimeRange | null = null;
  private lookedAt = 0;
  private wholeAt = 0;
  private version = 0;
  private first: { version: number; hour: number | undefined } | undefined;
  private readonly seen = new Set<string>();
  private looking: Promise<void> = Promise.resolve();
  /** Told of an hour whose hits changed from a moment on. */
  onHitsChanged: (hour: number, from: number) => void = () => {};

  constructor(
    private readonly influx: Influx,
    private readonly now: () => number = Date.now,
  ) {}

  /** Makes sure that what is known of a range is no older than a moment. Throws `StoreUnavailable`. */
  refresh(range: TimeRange): Promise<void> {
    const look = async () => {
      const now = this.now();
      const inside = this.covered && range.from >= this.covered.from && range.to <= this.covered.to;
      if (inside && now - this.lookedAt < FRESH_MS) return;
      if (!inside || now - this.wholeAt > WHOLE_MS) await this.lookAtAll(range, now);
      else await this.lookAtChanges(now);
      this.lookedAt = now;
    };
    // In turn: each sees what the one before has learnt.
    const turn = this.looking.then(look);
    this.looking = turn.catch(() => {});
    return turn;
  }

  /** Makes sure that the hours of a short range are known as they are now. Throws `StoreUnavailable`. */
  async refreshHours(range: TimeRange): Promise<void> {
    if (this.collectors().length === 0) await this.refresh(range);
    for (const { time, value, collector, layer } of await this.readHours(range)) {
      if (this.noteHour(collector, layer, time, value)) this.onHitsChanged(time, time);
    }
  }

  collectors(): string[] {
    return this.names.collectors();
  }

  /** Collectors that have a layer of an hour. */
  parts(hour: number): { collector: string; layer: 'raw' | 'past'; seq: string }[] {
    return this.collectors().flatMap((collector) =>
      (['raw', 'past'] as const).flatMap((layer) => {
        const seq = this.hours.get(`${collector} ${layer}`)?.get(hour);
        return seq === undefined ? [] : [{ collector, layer, seq }];
      }),
    );
  }

  /** A stamp of all the hours of a step, of one collector; `null` when it has none with hits in it. */
  stampOf(collector: string, step: number, start: number): string | null {
    const key = `${collector} ${step} ${start}`;
    const known = this.stamps.get(key);
    if (known?.version === this.version) return known.stamp;
    const seqs: string[] = [];
    for (const layer of ['raw', 'past']) {
      const hours = this.hours.get(`${collector} ${layer}`);
      if (!hours) continue;
      for (let hour = start; hour < start + step; hour += FINEST) {
        const seq = hours.get(hour);
        if (seq !== undefined) seqs.push(`${layer} ${hour} ${seq}`);
      }
    }
    const stamp = seqs.length === 0 ? null : digest(seqs.join('\n'));
    if (this.stamps.size > 50_000) this.stamps.clear();
    this.stamps.set(key, { version: this.version, stamp });
    return stamp;
  }

  /** Whether there is a roll-up made of `of`. */
  hasRollUp(collector: string, layer: Layer, step: number, start: number, of: string): boolean {
    return this.rollUps.get(`${collector} ${layer} ${step}`)?.get(start) === of;
  }

  /** Hours with hits from `from` on and before `to`, in no order. */
  hoursIn({ from, to }: TimeRange, layers: readonly string[] = ['raw', 'past']): Set<number> {
    const found = new Set<number>();
    for (const collector of this.collectors()) {
      for (const layer of layers) {
        for (const hour of this.hours.get(`${collector} ${layer}`)?.keys() ?? []) {
          if (hour > from - FINEST && hour < to) found.add(hour);
        }
      }
    }
    return found;
  }

  /** The first hour with hits of the ranges looked at so far. */
  firstHour(): number | undefined {
    if (this.first?.version !== this.version) {
      let hour: number | undefined;
      for (const hours of this.hours.values()) {
        for (const start of hours.keys()) if (hour === undefined || start < hour) hour = start;
      }
      this.first = { version: this.version, hour };
    }
    return this.first.hour;
  }

  noteRollUp(collector: string, layer: string, step: number, start: number, of: string): void {
    const key = `${collector} ${layer} ${step}`;
    const known = this.rollUps.get(key) ?? new Map<number, string>();
    known.set(start, of);
    this.rollUps.set(key, known);
  }

  private noteHour(collector: string, layer: string, hour: number, seq: string): boolean {
    const key = `${collector} ${layer}`;
    const known = this.hours.get(key) ?? new Map<number, string>();
    if (known.get(hour) === seq) return false;
    known.set(hour, seq);
    this.hours.set(key, known);
    this.version++;
    return true;
  }

  private async lookAtAll(range: TimeRange, now: number): Promise<void> {
    const from = startOf(Math.min(range.from, this.covered?.from ?? range.from), 7 * 24 * HOUR);
    const to = Math.max(range.to, this.covered?.to ?? range.to, now + HOUR);
    const [hours, rollUps] = await Promise.all([
      this.readHours({ from, to }),
      this.influx.rows(
        flux`from(bucket: ${this.influx.bucket('rollups')}) |> range(start: ${instant(from)}, stop: ${instant(to)})
          |> filter(fn: (r) => r._measurement == "observatory_rollup" and r._field == "of")
          |> keep(columns: ["_time", "_value", "collector", "layer", "step"])`,
        row,
      ),
    ]);
    for (const { time, value, collector, layer } of hours) {
      if (this.noteHour(collector, layer, time, value)) this.onHitsChanged(time, time);
    }
    for (const { time, value, collector, layer, step } of rollUps) {
      this.noteRollUp(collector, layer, step, time, value);
    }
    // Afterwards, since it is the newer word: what has changed since the hours were read is told once.
    await this.lookAtChanges(now);
    this.covered = { from, to };
    this.wholeAt = now;
  }

  private readHours({ from, to }: TimeRange) {
    return this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('rollups')})
        |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == "observatory_hours" and r._field == "seq")
        |> keep(columns: ["_time", "_value", "collector", "layer"])`,
      row,
    );
  }

  private async lookAtChanges(now: number): Promise<void> {
    const since = Math.max(this.lookedAt, now - WHOLE_MS) - OVERLAP_MS;
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('raw')})
          |> range(start: ${instant(since)}, stop: ${instant(now + HOUR)})
          |> filter(fn: (r) => r._measurement == "observatory_changes" and r._field == "change")
          |> keep(columns: ["_value", "collector", "layer"]) |> yield(name: "changes")
        from(bucket: ${this.influx.bucket('state')}) |> range(start: 0)
          |> filter(fn: (r) => r._measurement == "observatory_document" and r.key == "names" and r._field == "version")
          |> keep(columns: ["_value", "collector"]) |> yield(name: "names")`,
      (get) => ({
        result: get('result'),
        value: get('_value'),
        collector: get('collector'),
        layer: get('layer'),
      }),
    );
    const changed = rows
      .filter(({ result }) => result === 'names')
      .filter(({ value, collector }) => this.names.document(collector)?.version !== value);
    for (const { collector } of changed) await this.learnNames(collector);
    for (const { result, value, collector, layer } of rows) {
      if (result !== 'changes' || this.seen.has(value)) continue;
      this.seen.add(value);
      const { hour, from, seq, step } = changeSchema.parse(JSON.parse(value));
      if (step > 0) this.noteRollUp(collector, layer, step, hour, seq);
      else {
        this.noteHour(collector, layer, hour, seq);
        this.onHitsChanged(hour, from);
      }
    }
    if (this.seen.size > 100_000) this.seen.clear();
  }

  private async learnNames(collector: string): Promise<void> {
    const document = await this.document(collector, 'names');
    if (document) {
      this.names.learn(collector, namesDocument.parse(JSON.parse(document.toString())));
      this.version++;
    }
  }

  /** The newest document of a key. Throws `StoreUnavailable`. */
  async document(collector: string, key: string): Promise<Buffer | null> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const fields = await this.influx.rows(
        flux`from(bucket: ${this.influx.bucket('state')}) |> range(start: 0)
          |> filter(fn: (r) => r._measurement == "observatory_document" and r.key == ${key})
          |> filter(fn: (r) => r.collector == ${collector})
          |> keep(columns: ["_field", "_value"])`,
        (get) => [get('_field'), get('_value')] as const,
      );
      if (fields.length === 0) return null;
      const document = documentOf(new Map(fields));
      if (document) return document;
    }
    return null;
  }
}

const row = (get: (column: string) => string) => ({
  time: Date.parse(get('_time')),
  value: get('_value'),
  collector: get('collector'),
  layer: get('layer'),
  step: Number(get('step')),
});
