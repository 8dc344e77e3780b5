import { addressKind } from '../../domain/address';
import type { HitBatch } from '../../rollup/hit-batch';
import { BLOCK_CAPACITY, HitBlockBuilder, unpackHits } from '../../rollup/hit-block';
import { emptyRow } from '../../rollup/hit-row';
import { HOURLY, startOf } from '../../rollup/resolutions';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import { slicesOf } from '../../rollup/slices';
import type { Batch } from '../ports/ingest';
import { BlockTable } from './block-table';
import type { HitWriter, IsNew } from './commit';
import type { DictionaryWriter } from './dictionary-writer';
import type { Database } from './driver';
import { RollUpWriter } from './roll-up-writer';

/** Hits of a batch as its blocks have them: visitors and endpoints by the batch's numbers, and addresses to be kept. */
type Numbers = { visitors: Uint32Array; endpoints: Uint32Array; ownIp: (string | null)[] };

/** A block being filled. `paths`: for each path of the batch that is in it already, its number there plus one. */
type OpenBlock = { block: HitBlockBuilder; paths: Uint32Array };

/** Writes hits into blocks, and counts them in the roll-ups of their hours. */
export class BlockWriter implements HitWriter {
  /** For the hour being written. */
  private readonly rollUp = new RollUpBuilder();
  private readonly blocks: BlockTable;
  private readonly rollUps: RollUpWriter;

  constructor(
    db: Database,
    private readonly dictionary: DictionaryWriter,
  ) {
    this.blocks = new BlockTable(db);
    this.rollUps = new RollUpWriter(db);
  }

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
    const numbers: Numbers = {
      visitors: Uint32Array.from(hits.ips, (ip) => this.dictionary.visitor(ip)),
      endpoints: Uint32Array.from(hits.endpoints, (one) => this.dictionary.endpoint(one)),
      // A tailnet address is its visitor's; the others share visitors, so their addresses are in the block itself.
      ownIp: hits.ips.map((ip) => (addressKind(ip) === 'tailnet' ? null : ip)),
    };
    for (const [start, inHour] of hours) this.writeHour(start, hits, inHour, numbers);
  }

  private writeHour(
    hour: number,
    hits: HitBatch,
    rows: readonly number[],
    { visitors, endpoints, ownIp }: Numbers,
  ): void {
    const { rollUp } = this;
    rollUp.clear();
    const row = emptyRow();
    const { ip } = hits.columns;
    const visitorOf = Uint32Array.from(rows, (i) => visitors[ip[i] ?? 0] ?? 0);
    const slices = slicesOf(visitorOf, rows.length);
    const opened = (block: HitBlockBuilder): OpenBlock => ({
      block,
      paths: new Uint32Array(hits.paths.length),
    });
    const open = slices
      ? slices.runs.map(() => opened(new HitBlockBuilder(hour)))
      : [opened(this.smallBlock(hour))];
    for (let at = 0; at < rows.length; at++) {
      const visitor = visitorOf[at] ?? 0;
      const slice = slices?.of[visitor] ?? 0;
      let into = open[slice];
      if (into === undefined || into.block.n >= BLOCK_CAPACITY) {
        if (into) this.blocks.add(hour, into.block, slices !== null);
        into = opened(new HitBlockBuilder(hour));
        open[slice] = into;
      }
      const { block, paths } = into;
      hits.readRow(rows[at] ?? 0, row);
      row.visitor = visitor;
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
    for (const { block } of open) this.blocks.add(hour, block, slices !== null);
    this.rollUps.addToHour(hour, rollUp);
  }

  /** Returns a new block for the hour, or the hour's small one, removed from the database to be written back longer. */
  private smallBlock(hour: number): HitBlockBuilder {
    const block = new HitBlockBuilder(hour);
    const small = this.blocks.takeSmall(hour);
    if (small) block.addBlock(unpackHits(small));
    return block;
  }
}
