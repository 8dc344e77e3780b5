import { flux } from '@influxdata/influxdb-client';
import { CLIENT_KINDS } from '../../domain/access';
import { BLOCK_CAPACITY, HitBlockBuilder } from '../../rollup/hit-block';
import { emptyRow } from '../../rollup/hit-row';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import type { Influx } from './client';
import { instant } from './flux-parts';
import { decodePointHit, type PointHit, timeOf } from './hit-codec';
import type { Numbers } from './visitor-registry';

const UNKNOWN = CLIENT_KINDS.indexOf('unknown');

/** A hit, and the collector that sent it. */
export type StoredHit = { collector: string; hit: PointHit };

/** The hits of an hour. */
export type DecodedHour = {
  /** In the order of the log, without duplicate log positions. */
  hits: StoredHit[];
  blocks: Uint8Array[];
  /** By collector. */
  rollUps: Map<string, RollUpBuilder>;
};

/** Reads the hits of a period, of all collectors, unordered. Throws `StoreUnavailable`. */
export async function readHits(influx: Influx, from: number, to: number): Promise<StoredHit[]> {
  const rows = await influx.rows(
    flux`from(bucket: ${influx.bucket('raw')}) |> range(start: ${instant(from)}, stop: ${instant(to)})
        |> filter(fn: (r) => r._measurement == "tailscale_access" and r._field == "hit")
        |> keep(columns: ["_value", "collector"])`,
    (get) => ({ collector: get('collector'), hit: decodePointHit(get('_value')) }),
  );
  // A point of another program is not counted.
  return rows.flatMap(({ collector, hit }) => (hit ? [{ collector, hit }] : []));
}

/** Makes blocks and counts of the hits of an hour. `fileOf` returns the number of a collector's file. */
export function decodeHour(
  hour: number,
  all: readonly StoredHit[],
  numbers: Numbers,
  fileOf: (collector: string, file: number) => number = fileNumber,
): DecodedHour {
  const hits = unique(all);
  const rollUps = new Map<string, RollUpBuilder>();
  const blocks: Uint8Array[] = [];
  let block = new HitBlockBuilder(hour);
  const row = emptyRow();
  for (const { collector, hit } of hits) {
    if (block.n >= BLOCK_CAPACITY) {
      blocks.push(block.pack());
      block = new HitBlockBuilder(hour);
    }
    row.file = fileOf(collector, hit.file);
    row.offset = hit.offset;
    row.time = timeOf(hit);
    row.status = hit.status;
    row.bytes = hit.bytes;
    row.responseMs = hit.responseMs;
    row.client = CLIENT_KINDS[hit.client] ? hit.client : UNKNOWN;
    row.visitor = numbers.visitor(collector, hit.visitor);
    row.endpoint = numbers.endpoint(hit);
    row.method = block.string(hit.method);
    row.path = block.string(hit.path);
    row.ip = block.string(hit.ip);
    block.add(row);
    const rollUp = rollUps.get(collector) ?? new RollUpBuilder();
    rollUps.set(collector, rollUp);
    rollUp.add(row);
  }
  if (block.n > 0) blocks.push(block.pack());
  return { hits, blocks, rollUps };
}

/** Removes duplicates: a hit may be stored under two names of its visitor, and one per log position counts. */
function unique(hits: readonly StoredHit[]): StoredHit[] {
  const position = ({ collector, hit }: StoredHit) => `${collector} ${hit.fileKey} ${hit.offset}`;
  const byKey = new Map<string, StoredHit>();
  for (const stored of hits) {
    const other = byKey.get(position(stored));
    if (!other || stored.hit.file < other.hit.file) byKey.set(position(stored), stored);
  }
  return [...byKey.values()].sort(
    ({ hit: a }, { hit: b }) => timeOf(a) - timeOf(b) || a.file - b.file || a.offset - b.offset,
  );
}

/** Returns a file's number among those of all collectors, the same in every replica. */
function fileNumber(collector: string, file: number): number {
  let hash = 0;
  for (const char of collector) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return ((hash % 4_096) * 0x10_0000 + (file & 0xf_ffff)) >>> 0;
}
