import type { Hit, Visitor } from '../domain/access';
import { addressKind } from '../domain/address';
import { CellTable, unpackCells } from './cells';
import { MAX_ENDPOINTS, OTHER_ENDPOINT } from './dictionaries';
import { BLOCK_CAPACITY, HitBlockBuilder, unpackHits } from './hit-block';
import { FINEST, STEPS, startOf } from './ladder';
import type { Database } from './sqlite-driver';
import type { Batch } from './store';

/** A block with fewer hits than this is extended by the next commit; with more it is left alone. */
const EXTEND_BELOW = 256;
const REJECTED_KEPT = 200;
const LINE_KEPT = 2_000;

/** Writes batches; to be used inside a transaction. Numbers given out are remembered until `forget`. */
export class Committer {
  private readonly visitors = new Map<string, number>();
  private readonly endpoints = new Map<string, number>();

  constructor(private readonly db: Database) {}

  /** After a rolled back transaction, or when someone else may have changed the dictionaries. */
  forget(): void {
    this.visitors.clear();
    this.endpoints.clear();
  }

  commit(batch: Batch, now: number): void {
    const stored = this.storedOffsets();
    const fresh = (place: { file: number; offset: number }) =>
      place.offset >= (stored.get(place.file) ?? 0);
    this.writeHits(batch.hits.filter((hit) => fresh(hit.place)));
    this.writeRejected(
      batch.rejected.filter(({ place }) => fresh(place)),
      now,
    );
    const save = this.db.prepare(
      `INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET log = excluded.log,
       path = excluded.path, device = excluded.device, inode = excluded.inode, head = excluded.head,
       "offset" = excluded."offset", retired = excluded.retired`,
    );
    for (const c of batch.checkpoints) {
      save.run(c.file, c.log, c.path, c.device, c.inode, c.head, c.offset, c.retired ? 1 : 0);
    }
  }

  /** What lies before a file's offset is stored already: this is what makes a second commit of the same place harmless. */
  private storedOffsets(): Map<number, number> {
    const rows = this.db.prepare('SELECT id, "offset" FROM files').all();
    return new Map(rows.map((row) => [Number(row.id), Number(row.offset)]));
  }

  private writeHits(hits: Hit[]): void {
    const hours = new Map<number, { cells: CellTable; blocks: HitBlockBuilder[] }>();
    for (const hit of hits) {
      const hour = startOf(hit.time, FINEST);
      let entry = hours.get(hour);
      if (!entry) {
        entry = { cells: new CellTable(), blocks: [this.openBlock(hour)] };
        hours.set(hour, entry);
      }
      const visitor = this.visitor(hit.ip);
      const endpoint = this.endpoint(hit.endpoint);
      const bot = hit.client === 'bot';
      entry.cells.add(visitor, endpoint, hit.status, bot, hit.bytes ?? 0, hit.responseMs);
      let block = entry.blocks.at(-1);
      if (!block || block.n >= BLOCK_CAPACITY) {
        block = new HitBlockBuilder(hour);
        entry.blocks.push(block);
      }
      block.add(hit, visitor, endpoint);
    }
    const addBlock = this.db.prepare('INSERT INTO hit_blocks (hour, n, hits) VALUES (?, ?, ?)');
    for (const [hour, { cells, blocks }] of hours) {
      this.writeCells(hour, cells);
      for (const block of blocks) addBlock.run(hour, block.n, block.pack());
    }
  }

  /** A new block for the hour, or the hour's small one, taken out to be written back longer. */
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

  private writeCells(hour: number, cells: CellTable): void {
    const before = this.db
      .prepare('SELECT cells FROM rollups WHERE step = ? AND start = ?')
      .get(FINEST, hour);
    if (before) cells.merge(unpackCells(before.cells as Uint8Array));
    this.db
      .prepare('INSERT OR REPLACE INTO rollups VALUES (?, ?, ?)')
      .run(FINEST, hour, cells.pack());
    const drop = this.db.prepare('DELETE FROM rollups WHERE step = ? AND start = ?');
    for (const step of STEPS.slice(1)) drop.run(step, startOf(hour, step));
  }

  private writeRejected(rejected: Batch['rejected'], now: number): void {
    if (rejected.length === 0) return;
    this.db
      .prepare(`UPDATE state SET value = CAST(value AS INTEGER) + ? WHERE key = 'rejected_total'`)
      .run(rejected.length);
    const add = this.db.prepare(
      'INSERT INTO rejected (file, "offset", line, reason, noticed_at) VALUES (?, ?, ?, ?, ?)',
    );
    for (const { place, line, reason } of rejected.slice(-REJECTED_KEPT)) {
      add.run(place.file, place.offset, line.slice(0, LINE_KEPT), reason, now);
    }
    this.db
      .prepare('DELETE FROM rejected WHERE id <= (SELECT MAX(id) FROM rejected) - ?')
      .run(REJECTED_KEPT);
  }

  /** Clients outside the tailnet share one visitor a kind: the internet has no end of addresses. */
  private visitor(ip: string): number {
    const known = this.visitors.get(ip);
    if (known !== undefined) return known;
    const kind: Visitor['kind'] = addressKind(ip);
    const key = kind === 'tailnet' ? ip : '';
    const row = this.db
      .prepare('SELECT id FROM visitors WHERE ip = ? AND kind = ? AND current = 1')
      .get(key, kind);
    let id = Number(row?.id ?? 0);
    if (!row) {
      const added = this.db
        .prepare('INSERT INTO visitors (ip, kind, current) VALUES (?, ?, 1)')
        .run(key, kind);
      id = Number(added.lastInsertRowid);
      bumpVisitors(this.db);
    }
    if (this.visitors.size >= 10_000) this.visitors.clear();
    this.visitors.set(ip, id);
    return id;
  }

  private endpoint(name: string): number {
    const known = this.endpoints.get(name);
    if (known !== undefined) return known;
    const row = this.db.prepare('SELECT id FROM endpoints WHERE name = ?').get(name);
    let id = Number(row?.id ?? 0);
    if (!row) {
      const count = Number(this.db.prepare('SELECT COUNT(*) AS n FROM endpoints').get()?.n);
      if (count >= MAX_ENDPOINTS && name !== OTHER_ENDPOINT) id = this.endpoint(OTHER_ENDPOINT);
      else {
        const add = this.db.prepare('INSERT INTO endpoints (name) VALUES (?)');
        id = Number(add.run(name).lastInsertRowid);
      }
    }
    if (this.endpoints.size >= 10_000) this.endpoints.clear();
    this.endpoints.set(name, id);
    return id;
  }
}

/** Tells every reader that names have changed. */
export function bumpVisitors(db: Database): void {
  db.exec(`UPDATE state SET value = CAST(value AS INTEGER) + 1 WHERE key = 'visitors_version'`);
}
