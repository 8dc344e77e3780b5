import { addressKind } from '../../domain/address';
import type { HitBatch } from '../../rollup/hit-batch';
import { BLOCK_CAPACITY, HitBlockBuilder, unpackHits } from '../../rollup/hit-block';
import { emptyRow } from '../../rollup/hit-row';
import { HOURLY, startOf } from '../../rollup/resolutions';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import type { Batch } from '../ports/ingest';
import type { HitWriter, IsNew } from './commit';
import type { DictionaryWriter } from './dictionary-writer';
import type { Database } from './driver';
import { writeHourlyRollUp } from './roll-up-writer';

/** A block with fewer hits than this is extended by the next commit; a larger one is left alone. */
const EXTEND_BELOW = 256;

/** Writes hits into blocks, and counts them in the roll-ups of their hours. */
export class BlockWriter implements HitWriter {
  /** For the hour being written. */
  private readonly rollUp = new RollUpBuilder();

  constructor(
    private readonly db: Database,
    private readonly dictionary: DictionaryWriter,
  ) {}

  /** One hour at a time, so that only one hour's tables are in memory, however far apart the hits are. */
  write({ hits }: Batch, isNew: IsNew): void {
    const { time, file, offset } = hits.columns;
    const hours = new Map<number, number[]>();
    let hour = -1;
    let rows: number[] = [];
    for (let i = 0; i < hits.length; i++) {
      if (!isNew(file[i] ?? 0, offset[i] ?? 0)) continue;
      const t = time[i] ?? 0;
      if (t < hour || t >= hour + HOURLY) {
        hour = startOf(t, HOURLY);
        rows = hours.get(hour) ?? [];
        hours.set(hour, rows);
      }
      rows.push(i);
    }
    const visitors = Uint32Array.from(hits.ips, (ip) => this.dictionary.visitor(ip));
    const endpoints = Uint32Array.from(hits.endpoints, (one) => this.dictionary.endpoint(one));
    // A tailnet address is its visitor's; the others share visitors, so their addresses are in the block itself.
    const ownIp = hits.ips.map((ip) => (addressKind(ip) === 'tailnet' ? null : ip));
    for (const [start, inHour] of hours) {
      this.writeHour(start, hits, inHour, visitors, endpoints, ownIp);
    }
  }

  private writeHour(
    hour: number,
    hits: HitBatch,
    rows: number[],
    visitors: Uint32Array,
    endpoints: Uint32Array,
    ownIp: (string | null)[],
  ): void {
    const { rollUp } = this;
    rollUp.clear();
    const row = emptyRow();
    let block = this.openBlock(hour);
    const addBlock = this.db.prepare('INSERT INTO hit_blocks (hour, n, hits) VALUES (?, ?, ?)');
    // For each string of the batch that is already in the block, its number there plus one.
    let paths = new Uint32Array(hits.paths.length);
    for (const i of rows) {
      if (block.n >= BLOCK_CAPACITY) {
        addBlock.run(hour, block.n, block.pack());
        block = new HitBlockBuilder(hour);
        paths = new Uint32Array(hits.paths.length);
      }
      hits.readRow(i, row);
      row.visitor = visitors[row.ip] ?? 0;
      row.endpoint = endpoints[row.endpoint] ?? 0;
      rollUp.add(row);
      // Maps the batch's numbers of strings to the block's.
      const seen = paths[row.path] || block.string(hits.paths[row.path] ?? null) + 1;
      paths[row.path] = seen;
      row.path = seen - 1;
      row.method = block.string(hits.methods[row.method] ?? null);
      row.ip = block.string(ownIp[row.ip] ?? null);
      block.add(row);
    }
    addBlock.run(hour, block.n, block.pack());
    writeHourlyRollUp(this.db, hour, rollUp);
  }

  /** Returns a new block for the hour, or the hour's small one, removed from the database to be written back longer. */
  private openBlock(hour: number): HitBlockBuilder {
    const block = new HitBlockBuilder(hour);
    const small = this.db
      .prepare('SELECT id, hits FROM hit_blocks WHERE hour = ? AND n < ? LIMIT 1')
      .get(hour, EXTEND_BELOW);
    if (small) {
      block.addBlock(unpackHits(small.hits as Uint8Array));
      this.db.prepare('DELETE FROM hit_blocks WHERE id = ?').run(Number(small.id));
    }
    return block;
  }
}
