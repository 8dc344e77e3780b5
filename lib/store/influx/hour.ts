import { flux } from '@influxdata/influxdb-client';
import { z } from 'zod';
import { CLIENT_KINDS } from '../../domain/access';
import { HitBatch } from '../../rollup/hit-batch';
import { BLOCK_CAPACITY, HitBlockBuilder } from '../../rollup/hit-block';
import { CellTable } from '../../rollup/roll-up';
import { instant } from './catalog';
import type { Influx } from './client';

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
export type StoredHit = { collector: string; hit: z.infer<typeof hitSchema> };

/** Who gives the numbers that blocks and cells refer to visitors and endpoints by. */
export type Numbers = {
  visitor(collector: string, key: string): number;
  endpoint(name: string): number;
};

/** The hits of a stretch of time, of all collectors, in no order. Throws `StoreUnavailable`. */
export async function readHits(influx: Influx, from: number, to: number): Promise<StoredHit[]> {
  const rows = await influx.rows(
    flux`from(bucket: ${influx.bucket('raw')}) |> range(start: ${instant(from)}, stop: ${instant(to)})
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

/** Hits of an hour as blocks and, by collector, as cells; each place in a log once. `fileOf`: the number of a file. */
export function countedHour(
  hour: number,
  all: readonly StoredHit[],
  names: Numbers,
  fileOf: (collector: string, file: number) => number = fileNumber,
): { hits: StoredHit[]; blocks: Uint8Array[]; cells: Map<string, CellTable> } {
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
        // Who it is goes by the visitor below; the address stands here when the visitor does not tell it.
        ip: `${collector}\n${key}\n${ip ?? ''}`,
        method,
        path,
        endpoint,
        status: status || null,
        responseMs: took < 0 ? null : took,
        bytes: bytes < 0 ? null : bytes,
        client: CLIENT_KINDS[client] ?? 'unknown',
      },
      fileOf(collector, file),
      offset,
    );
  }
  const who = batch.ips.map((text) => {
    const [collector = '', key = '', ip = ''] = text.split('\n');
    return { collector, visitor: names.visitor(collector, key), ip: ip === '' ? null : ip };
  });
  const endpoints = batch.endpoints.map((name) => names.endpoint(name));
  const cells = new Map<string, CellTable>();
  const blocks: Uint8Array[] = [];
  let block = new HitBlockBuilder(hour);
  const { columns } = batch;
  for (let i = 0; i < batch.length; i++) {
    if (block.n >= BLOCK_CAPACITY) {
      blocks.push(block.pack());
      block = new HitBlockBuilder(hour);
    }
    const by = who[columns.ip[i] ?? 0] ?? { collector: '', visitor: 0, ip: null };
    const endpoint = endpoints[columns.endpoint[i] ?? 0] ?? 0;
    const table = cells.get(by.collector) ?? new CellTable();
    cells.set(by.collector, table);
    const ms = columns.responseMs[i] ?? -1;
    const size = Math.max(0, columns.bytes[i] ?? 0);
    const isBot = CLIENT_KINDS[columns.client[i] ?? 0] === 'bot';
    table.add(by.visitor, endpoint, columns.status[i] ?? 0, isBot, size, ms < 0 ? null : ms);
    const method = block.string(batch.methods[columns.method[i] ?? 0] ?? null);
    const path = block.string(batch.paths[columns.path[i] ?? 0] ?? null);
    block.add(batch, i, by.visitor, endpoint, method, path, block.string(by.ip));
  }
  if (block.n > 0) blocks.push(block.pack());
  return { hits, blocks, cells };
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
