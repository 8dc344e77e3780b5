import { flux } from '@influxdata/influxdb-client';
import * as z from 'zod';
import type { TimeRange } from '../../domain/access';
import { COARSEST, startOf } from '../../rollup/resolutions';
import { mutex } from '../../util/mutex';
import { HOUR, MINUTE, SECOND } from '../../util/time';
import type { Influx } from './client';
import { readDocument } from './documents';
import { instant } from './flux-parts';
import { Inventory } from './inventory';
import { NAMES, namesDocument } from './names-document';
import { isHitLayer, isLayer } from './points';
import { VisitorRegistry } from './visitor-registry';

/** A query repeated within this time is answered from memory. */
const FRESH_MS = SECOND / 4;
/** Everything is read again after this long, in case a change was missed (clocks that differ, an outage). */
const WHOLE_MS = MINUTE;
/** A change carries its collector's clock and may take this long to be written. */
const OVERLAP_MS = MINUTE;
/** How many changes are remembered, so that none is processed twice. */
const MOST_SEEN = 100_000;

const changeSchema = z.object({
  hour: z.number(),
  from: z.number(),
  seq: z.string(),
  /** The resolution of a new roll-up; 0: hits have changed. */
  step: z.number(),
});

/**
 * Knows what InfluxDB contains: which hours have hits, which roll-ups exist and what each was made of, and the names.
 * It is kept current by reading what changed since the last look, which is little, however long the history.
 */
export class Catalog {
  readonly names = new VisitorRegistry();
  private readonly inventories = new Map<string, Inventory>();
  /** By hour: the first moment whose hits have changed since `takeChange`. */
  private readonly changed = new Map<number, number>();
  private readonly seen = new Set<string>();
  private storedRange: TimeRange | null = null;
  private lookedAt = 0;
  private wholeAt = 0;
  /** Runs one look after another, so that each has the results of the previous one. */
  private readonly inTurn = mutex();

  constructor(
    private readonly influx: Influx,
    private readonly now: () => number = Date.now,
  ) {}

  /** Makes sure that the state of a range is at most a moment old. Throws `StoreUnavailable`. */
  refresh(range: TimeRange): Promise<void> {
    return this.inTurn(async () => {
      const now = this.now();
      const inside =
        this.storedRange && range.from >= this.storedRange.from && range.to <= this.storedRange.to;
      if (inside && now - this.lookedAt < FRESH_MS) return;
      if (!inside || now - this.wholeAt > WHOLE_MS) await this.lookAtAll(range, now);
      else await this.lookAtChanges(now);
      this.lookedAt = now;
    });
  }

  /** Makes sure that the hours of a short range are current. Throws `StoreUnavailable`. */
  async refreshHours(range: TimeRange): Promise<void> {
    if (this.collectors().length === 0) await this.refresh(range);
    await this.lookAtHours(range);
  }

  /** Returns the names of collectors that have announced themselves. */
  collectors(): string[] {
    return this.names.collectors();
  }

  inventory(collector: string): Inventory {
    const current = this.inventories.get(collector) ?? new Inventory();
    this.inventories.set(collector, current);
    return current;
  }

  /**
   * Returns the moment from which the hits of an hour have changed since the last call; `undefined` when they have not.
   */
  takeChange(hour: number): number | undefined {
    const from = this.changed.get(hour);
    this.changed.delete(hour);
    return from;
  }

  /** Records that the hits of an hour have changed, from a moment on. */
  noteChange(hour: number, from: number): void {
    this.changed.set(hour, Math.min(from, this.changed.get(hour) ?? from));
  }

  private async lookAtAll(range: TimeRange, now: number): Promise<void> {
    const from = startOf(Math.min(range.from, this.storedRange?.from ?? range.from), COARSEST);
    const to = Math.max(range.to, this.storedRange?.to ?? range.to, now + HOUR);
    await Promise.all([this.lookAtHours({ from, to }), this.lookAtRollUps({ from, to })]);
    // Afterwards, since changes made after reading the hours are newer.
    await this.lookAtChanges(now);
    this.storedRange = { from, to };
    this.wholeAt = now;
  }

  private async lookAtHours({ from, to }: TimeRange): Promise<void> {
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('rollups')})
        |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == "observatory_hours" and r._field == "seq")
        |> keep(columns: ["_time", "_value", "collector", "layer"])`,
      stamped,
    );
    for (const { time, value, collector, layer } of rows) {
      if (!isHitLayer(layer)) continue;
      if (this.inventory(collector).noteHour(layer, time, value)) this.noteChange(time, time);
    }
  }

  private async lookAtRollUps({ from, to }: TimeRange): Promise<void> {
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('rollups')})
        |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == "observatory_rollup" and r._field == "of")
        |> keep(columns: ["_time", "_value", "collector", "layer", "step"])`,
      stamped,
    );
    for (const { time, value, collector, layer, step } of rows) {
      if (isLayer(layer)) this.inventory(collector).noteRollUp(layer, step, time, value);
    }
  }

  private async lookAtChanges(now: number): Promise<void> {
    const since = Math.max(this.lookedAt, now - WHOLE_MS) - OVERLAP_MS;
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('raw')})
          |> range(start: ${instant(since)}, stop: ${instant(now + HOUR)})
          |> filter(fn: (r) => r._measurement == "observatory_changes" and r._field == "change")
          |> keep(columns: ["_value", "collector", "layer"]) |> yield(name: "changes")
        from(bucket: ${this.influx.bucket('state')}) |> range(start: 0)
          |> filter(fn: (r) => r._measurement == "observatory_document" and r.key == ${NAMES})
          |> filter(fn: (r) => r._field == "version")
          |> keep(columns: ["_value", "collector"]) |> yield(name: "names")`,
      (get) => ({
        result: get('result'),
        value: get('_value'),
        collector: get('collector'),
        layer: get('layer'),
      }),
    );
    for (const { result, value, collector } of rows) {
      if (result !== 'names' || this.names.document(collector)?.version === value) continue;
      await this.learnNames(collector);
    }
    for (const { result, value, collector, layer } of rows) {
      if (result === 'changes') this.learnChange(collector, layer, value);
    }
    if (this.seen.size > MOST_SEEN) this.seen.clear();
  }

  private learnChange(collector: string, layer: string, value: string): void {
    if (this.seen.has(value)) return;
    this.seen.add(value);
    const { hour, from, seq, step } = changeSchema.parse(JSON.parse(value));
    const inventory = this.inventory(collector);
    if (step > 0) {
      if (isLayer(layer)) inventory.noteRollUp(layer, step, hour, seq);
    } else if (isHitLayer(layer)) {
      inventory.noteHour(layer, hour, seq);
      this.noteChange(hour, from);
    }
  }

  private async learnNames(collector: string): Promise<void> {
    const document = await readDocument(this.influx, collector, NAMES);
    if (!document) return;
    this.names.learn(collector, namesDocument.parse(JSON.parse(document.toString())));
  }
}

const stamped = (get: (column: string) => string) => ({
  time: Date.parse(get('_time')),
  value: get('_value'),
  collector: get('collector'),
  layer: get('layer'),
  step: Number(get('step')),
});
