import { addressKind } from '../../domain/address';
import type { HitBatch } from '../../rollup/hit-batch';
import { BLOCK_CAPACITY, HitBlockBuilder, unpackHits } from '../../rollup/hit-block';
import { emptyRow } from '../../rollup/hit-row';
import { HOURLY, startOf } from '../../rollup/resolutions';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import { SLICE_ROWS, slicesOf } from '../../rollup/slices';
import type { Batch } from '../ports/ingest';
import { BlockTable } from './block-table';
import type { HitWriter, IsNew } from './commit';
import type { DictionaryWriter } from './dictionary-writer';
import type { Database } from './driver';
import { RollUpWriter } from './roll-up-writer';

/** Hits of a batch as its blocks have them: visitors and endpoints by the batch's numbers, and addresses to be kept. */
type Numbers = { visitors: Uint32Array; endpoints: Uint32Array; ownIp: (string | null)[] };

/** A block being filled, with the numbers that strings of the batch have in it. */
type OpenBlock = { block: HitBlockBuilder; paths: NumbersIn; methods: NumbersIn };

/** Looks a list's strings up in a block once each. */
class NumbersIn {
  /** By index in the list: the number plus one. */
  private readonly known: Uint32Array;

  constructor(
    private readonly block: HitBlockBuilder,
    private readonly list: readonly (string | null)[],
  ) {
    this.known = new Uint32Array(list.length);
  }

  of(index: number): number {
    const known = this.known[index] ?? 0;
    if (known > 0) return known - 1;
    const number = this.block.string(this.list[index] ?? null);
    this.known[index] = number + 1;
    return number;
  }
}

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
    const visitorOf = new Uint32Array(rows.length);
    for (let at = 0; at < rows.length; at++) visitorOf[at] = visitors[ip[rows[at] ?? 0] ?? 0] ?? 0;
    const slices = slicesOf(visitorOf, rows.length);
    const opened = (block: HitBlockBuilder): OpenBlock => ({
      block,
      paths: new NumbersIn(block, hits.paths),
      methods: new NumbersIn(block, hits.methods),
    });
    const open = slices
      ? slices.runs.map(() => opened(new HitBlockBuilder(hour, SLICE_ROWS)))
      : [opened(this.smallBlock(hour, rows.length))];
    for (let at = 0; at < rows.length; at++) {
      const visitor = visitorOf[at] ?? 0;
      const slice = slices?.of[visitor] ?? 0;
      let into = open[slice];
      if (into === undefined || into.block.n >= BLOCK_CAPACITY) {
        if (into) this.blocks.add(hour, into.block, slices !== null);
        into = opened(new HitBlockBuilder(hour, SLICE_ROWS));
        open[slice] = into;
      }
      const { block, paths, methods } = into;
      hits.readRow(rows[at] ?? 0, row);
      row.visitor = visitor;
      row.endpoint = endpoints[row.endpoint] ?? 0;
      rollUp.add(row);
      row.path = paths.of(row.path);
      row.method = methods.of(row.method);
      const own = ownIp[row.ip] ?? null;
      row.ip = own === null ? 0 : block.string(own);
      block.add(row);
    }
    for (const { block } of open) this.blocks.add(hour, block, slices !== null);
    this.rollUps.addToHour(hour, rollUp);
  }

  /**
   * Returns a new block for hits of the hour, or the hour's small one, removed from the database to be written back
   * longer.
   */
  private smallBlock(hour: number, hits: number): HitBlockBuilder {
    const taken = this.blocks.takeSmall(hour);
    if (!taken) return new HitBlockBuilder(hour, hits);
    const small = unpackHits(taken);
    const block = new HitBlockBuilder(hour, small.n + hits);
    block.addBlock(small);
    return block;
  }
}
