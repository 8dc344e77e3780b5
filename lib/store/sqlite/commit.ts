import { CLIENT_KINDS, type Visitor } from '../../domain/access';
import { addressKind } from '../../domain/address';
import { MAX_ENDPOINTS, OTHER_ENDPOINT } from '../../rollup/dictionaries';
import type { HitBatch } from '../../rollup/hit-batch';
import { BLOCK_CAPACITY, HitBlockBuilder, unpackHits } from '../../rollup/hit-block';
import { FINEST, STEPS, startOf } from '../../rollup/resolutions';
import { CellTable, type PackedCells, unpackAll } from '../../rollup/roll-up';
import type { Batch } from '../ports/ingest';
import type { Database } from './driver';

/** A block with fewer hits than this is extended by the next commit; with more it is left alone. */
const EXTEND_BELOW = 256;
const REJECTED_KEPT = 200;
const LINE_KEPT = 2_000;
const BOT = CLIENT_KINDS.indexOf('bot');

/** Says of a place whether it has not been stored before. */
export type IsNew = (file: number, offset: number) => boolean;

/** Writes batches; to be used inside a transaction. Numbers given out are remembered until `forget`. */
export class Committer {
  protected readonly visitors = new Map<string, number>();
  protected readonly endpoints = new Map<string, number>();
  private knownVersion = '';
  /** Of the hour being written. */
  protected readonly cells = new CellTable();

  constructor(protected readonly db: Database) {}

  /** After a rolled back transaction, or when someone else may have changed the dictionaries. */
  forget(): void {
    this.visitors.clear();
    this.endpoints.clear();
  }

  commit(batch: Batch, now: number): void {
    // Another thread's connection may have given an address to another visitor.
    const version = this.visitorsVersion();
    if (version !== this.knownVersion) this.forget();
    this.knownVersion = version;
    const stored = this.storedOffsets();
    const isNew: IsNew = (file, offset) => offset >= (stored.get(file) ?? 0);
    this.writeHits(batch, isNew, now);
    this.writeRejected(
      batch.rejected.filter(({ place }) => isNew(place.file, place.offset)),
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

  private visitorsVersion(): string {
    return String(
      this.db.prepare(`SELECT value FROM state WHERE key = 'visitors_version'`).get()?.value,
    );
  }

  /** What lies before a file's offset is stored already: this is what makes a second commit of the same place harmless. */
  private storedOffsets(): Map<number, number> {
    const rows = this.db.prepare('SELECT id, "offset" FROM files').all();
    return new Map(rows.map((row) => [Number(row.id), Number(row.offset)]));
  }

  /** An hour at a time, so that only one hour's tables are in memory, however far apart the hits are. */
  protected writeHits({ hits }: Batch, isNew: IsNew, _now: number): void {
    const { time, file, offset } = hits.columns;
    const hours = new Map<number, number[]>();
    let hour = -1;
    let rows: number[] = [];
    for (let i = 0; i < hits.length; i++) {
      if (!isNew(file[i] ?? 0, offset[i] ?? 0)) continue;
      const t = time[i] ?? 0;
      if (t < hour || t >= hour + FINEST) {
        hour = startOf(t, FINEST);
        rows = hours.get(hour) ?? [];
        hours.set(hour, rows);
      }
      rows.push(i);
    }
    const visitors = Uint32Array.from(hits.ips, (ip) => this.visitor(ip));
    const endpoints = Uint32Array.from(hits.endpoints, (name) => this.endpoint(name));
    // A tailnet address is its visitor's; the others share visitors and stand in the block themselves.
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
    const { ip, endpoint, method, path, status, client, bytes, responseMs } = hits.columns;
    const { cells } = this;
    cells.clear();
    let block = this.openBlock(hour);
    const addBlock = this.db.prepare('INSERT INTO hit_blocks (hour, n, hits) VALUES (?, ?, ?)');
    // The number in the block, plus one, of each string of the batch that is in it already.
    let paths = new Uint32Array(hits.paths.length);
    for (const i of rows) {
      if (block.n >= BLOCK_CAPACITY) {
        addBlock.run(hour, block.n, block.pack());
        block = new HitBlockBuilder(hour);
        paths = new Uint32Array(hits.paths.length);
      }
      const ipCode = ip[i] ?? 0;
      const pathCode = path[i] ?? 0;
      const visitor = visitors[ipCode] ?? 0;
      const endpointId = endpoints[endpoint[i] ?? 0] ?? 0;
      const ms = responseMs[i] ?? -1;
      const size = Math.max(0, bytes[i] ?? 0);
      cells.add(visitor, endpointId, status[i] ?? 0, client[i] === BOT, size, ms < 0 ? null : ms);
      const seen = paths[pathCode] || block.string(hits.paths[pathCode] ?? null) + 1;
      paths[pathCode] = seen;
      const verb = block.string(hits.methods[method[i] ?? 0] ?? null);
      const address = block.string(ownIp[ipCode] ?? null);
      block.add(hits, i, visitor, endpointId, verb, seen - 1, address);
    }
    addBlock.run(hour, block.n, block.pack());
    this.writeCells(hour);
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

  protected writeCells(hour: number): void {
    const before = this.db
      .prepare('SELECT cells, details FROM rollups WHERE step = ? AND start = ?')
      .get(FINEST, hour);
    if (before) this.cells.merge(unpackAll(before as PackedCells));
    const { cells, details } = this.cells.pack();
    this.db
      .prepare('INSERT OR REPLACE INTO rollups (step, start, cells, details) VALUES (?, ?, ?, ?)')
      .run(FINEST, hour, cells, details);
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
  protected visitor(ip: string): number {
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

  protected endpoint(name: string): number {
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
