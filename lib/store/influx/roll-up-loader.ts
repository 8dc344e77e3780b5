import { flux } from '@influxdata/influxdb-client';
import type { RollUp } from '../../rollup/roll-up';
import { LRUCache } from '../../util/lru';
import type { Catalog } from './catalog';
import type { Influx } from './client';
import { instant } from './flux-parts';
import { documentOf } from './lines';
import { isLayer, type Layer } from './points';
import { decodeRollUp, type LoadedRollUp } from './roll-up-codec';
import { editionOf, madeOf, stampOf } from './roll-up-stamp';

/** How many bytes of roll-ups are remembered. */
const BYTES_REMEMBERED = 48 * 1024 * 1024;
/** Roll-ups whose starts are at most this far apart are requested together, up to a limit; both in periods. */
const GAP = 4;
const MOST_TOGETHER = 400;
/** A roll-up that is written while it is read is read again. */
const ATTEMPTS = 3;
/** Approximate memory of a row of a roll-up, and of a roll-up besides its rows. */
const ROW_BYTES = 40;
const ROLL_UP_BYTES = 500;

/** The roll-up of one collector's hits of a period. `of`: the stamp of its hours when it is up to date. */
export type RollUpPart = {
  collector: string;
  layer: Layer;
  resolution: number;
  start: number;
  of: string;
};

/** Loads roll-ups from InfluxDB, and remembers the most recently used. */
export class RollUpLoader {
  private readonly remembered = new LRUCache<string, LoadedRollUp>({
    maxSize: BYTES_REMEMBERED,
    sizeCalculation: ({ bytes }) => Math.min(bytes, BYTES_REMEMBERED),
  });

  constructor(
    private readonly influx: Influx,
    private readonly catalog: Catalog,
  ) {}

  /** Returns a remembered roll-up that is up to date. */
  recall(part: RollUpPart): RollUp | undefined {
    const cached = this.remembered.get(keyOf(part));
    if (!cached || stampOf(cached.of) !== part.of) return undefined;
    const { collector, layer, resolution, start, of } = part;
    const newest = this.catalog.inventory(collector).edition(layer, resolution, start, of);
    return editionOf(cached.of) >= newest ? cached.rollUp : undefined;
  }

  /** Remembers a roll-up that was made here. */
  remember(part: RollUpPart, rollUp: RollUp): void {
    const bytes = ROLL_UP_BYTES + rollUp.n * ROW_BYTES;
    this.remembered.set(keyOf(part), { of: madeOf(part.of), bytes, rollUp });
  }

  /** Reads roll-ups, adjacent ones together; missing and outdated ones are left out. Throws `StoreUnavailable`. */
  async read(parts: readonly RollUpPart[]): Promise<Map<RollUpPart, RollUp>> {
    const rollUps = new Map<RollUpPart, RollUp>();
    let left = parts;
    for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt++) {
      const read = new Map<string, LoadedRollUp | 'torn'>();
      for (const resolution of new Set(left.map((part) => part.resolution))) {
        const starts = left.flatMap((part) => (part.resolution === resolution ? [part.start] : []));
        for (const run of runs(starts, resolution)) await this.readRun(resolution, run, read);
      }
      for (const part of left) {
        const loaded = read.get(keyOf(part));
        if (!loaded || loaded === 'torn') continue;
        // For hits older than any in InfluxDB there is one roll-up, and it is the newest.
        if (part.layer === 'past' || stampOf(loaded.of) === part.of)
          rollUps.set(part, loaded.rollUp);
      }
      left = left.filter((part) => read.get(keyOf(part)) === 'torn');
    }
    return rollUps;
  }

  private async readRun(
    resolution: number,
    { from, to }: Run,
    read: Map<string, LoadedRollUp | 'torn'>,
  ): Promise<void> {
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('rollups')})
        |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == "observatory_rollup" and r.step == ${String(resolution)} and r._field != "of")
        |> keep(columns: ["_time", "_field", "_value", "collector", "layer"])`,
      (get) => ({
        collector: get('collector'),
        layer: get('layer'),
        start: Date.parse(get('_time')),
        field: get('_field'),
        value: get('_value'),
      }),
    );
    type Document = { collector: string; layer: Layer; start: number; fields: Map<string, string> };
    const documents = new Map<string, Document>();
    for (const { collector, layer, start, field, value } of rows) {
      if (!isLayer(layer)) continue;
      const key = keyOf({ collector, layer, resolution, start });
      const document = documents.get(key) ?? { collector, layer, start, fields: new Map() };
      document.fields.set(field, value);
      documents.set(key, document);
    }
    for (const [key, { collector, layer, start, fields }] of documents) {
      const bytes = documentOf(fields);
      read.set(key, 'torn');
      if (!bytes) continue;
      const loaded = decodeRollUp(bytes, collector, this.catalog.names);
      read.set(key, loaded);
      this.remembered.set(key, loaded);
      this.catalog.inventory(collector).noteRollUp(layer, resolution, start, loaded.of);
    }
  }
}

const keyOf = ({ collector, layer, resolution, start }: Omit<RollUpPart, 'of'>) =>
  `${collector} ${layer} ${resolution} ${start}`;

type Run = { from: number; to: number };

/** Groups starts that are close together into ranges to request at once. */
function runs(starts: readonly number[], resolution: number): Run[] {
  const groups: Run[] = [];
  for (const start of [...new Set(starts)].sort((a, b) => a - b)) {
    const last = groups.at(-1);
    const isClose = last && start - last.to <= GAP * resolution;
    if (isClose && start - last.from < MOST_TOGETHER * resolution) last.to = start + resolution;
    else groups.push({ from: start, to: start + resolution });
  }
  return groups;
}
