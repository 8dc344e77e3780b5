import type { HitBlockBuilder } from '../../rollup/hit-block';
import type { Database } from './driver';

/** A block with fewer hits than this is extended by the next commit; a larger one is left alone. */
const EXTEND_BELOW = 256;

/** The hits of a database, an hour in one block or more. */
export class BlockTable {
  private readonly readAll;
  private readonly readSmall;
  private readonly insert;
  private readonly remove;
  private readonly removeAll;

  constructor(db: Database) {
    this.readAll = db.prepare('SELECT hits FROM hit_blocks WHERE hour = ? ORDER BY id');
    this.readSmall = db.prepare('SELECT id, hits FROM hit_blocks WHERE hour = ? AND n < ? LIMIT 1');
    this.remove = db.prepare('DELETE FROM hit_blocks WHERE id = ?');
    this.removeAll = db.prepare('DELETE FROM hit_blocks WHERE hour = ?');
    this.insert = db.prepare(
      'INSERT INTO hit_blocks (hour, n, hits, first_visitor, last_visitor) VALUES (?, ?, ?, ?, ?)',
    );
  }

  /** Returns the blocks of an hour, packed, in the order in which they were written. */
  read(hour: number): Uint8Array[] {
    return this.readAll.all(hour).map(({ hits }) => hits as Uint8Array);
  }

  /** Adds a block; unless it is a `slice`, any visitor may be in it. */
  add(hour: number, block: HitBlockBuilder, slice: boolean): void {
    const { first, last } = slice ? block.visitors : { first: 0, last: null };
    this.insert.run(hour, block.n, block.pack(), first, last);
  }

  /** Removes a small block of an hour, if there is one, and returns it. */
  takeSmall(hour: number): Uint8Array | undefined {
    const small = this.readSmall.get(hour, EXTEND_BELOW);
    if (small) this.remove.run(Number(small.id));
    return small?.hits as Uint8Array | undefined;
  }

  delete(hour: number): void {
    this.removeAll.run(hour);
  }
}
