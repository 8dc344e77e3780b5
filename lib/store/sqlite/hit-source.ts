import type { Dictionaries } from '../../rollup/dictionaries';
import { type HitBlock, unpackHits } from '../../rollup/hit-block';
import type { HitSource } from '../../rollup/hit-source';
import { HOURLY } from '../../rollup/resolutions';
import {
  type PackedRollUp,
  type RollUp,
  type RollUpRows,
  unpackRollUp,
  unpackRows,
} from '../../rollup/roll-up';
import { LRUCache } from '../../util/lru';
import { DictionaryReader } from './dictionary-reader';
import type { Database } from './driver';

/** How many bytes of hits are cached. */
const BYTES_REMEMBERED = 4 * 1024 * 1024;

type HourBlocks = { id: number | undefined; blocks: readonly HitBlock[]; bytes: number };

/** The hits and roll-ups of an SQLite database. */
export class SqliteHits implements HitSource {
  private readonly names: DictionaryReader;
  private readonly readRows;
  private readonly readRollUp;
  private readonly readBlocks;
  private readonly readHours;
  private readonly readFirst;
  private readonly readId;
  /** By hour. `id`: that of the roll-up they were read with. An hour larger than the limit evicts all others. */
  private readonly hourBlocks = new LRUCache<number, HourBlocks>({
    maxSize: BYTES_REMEMBERED,
    sizeCalculation: ({ bytes }) => Math.min(BYTES_REMEMBERED, bytes + 1),
  });

  constructor(private readonly db: Database) {
    this.names = new DictionaryReader(db);
    this.readRows = db.prepare('SELECT cells FROM rollups WHERE step = ? AND start = ?');
    this.readRollUp = db.prepare(
      'SELECT cells AS rows, details FROM rollups WHERE step = ? AND start = ?',
    );
    this.readBlocks = db.prepare('SELECT hits FROM hit_blocks WHERE hour = ?');
    this.readHours = db.prepare(
      'SELECT DISTINCT hour FROM hit_blocks WHERE hour < ? AND hour >= ? ORDER BY hour DESC LIMIT ?',
    );
    this.readFirst = db.prepare('SELECT MIN(start) AS start FROM rollups WHERE step = ?');
    this.readId = db.prepare('SELECT id FROM rollups WHERE step = ? AND start = ?');
  }

  dictionaries(): Dictionaries {
    return this.names.read();
  }

  rollUpId(resolution: number, start: number): number | undefined {
    const row = this.readId.get(resolution, start);
    return row && Number(row.id);
  }

  firstHour(): number | undefined {
    const first = this.readFirst.get(HOURLY)?.start;
    return first == null ? undefined : Number(first);
  }

  rows(resolution: number, start: number): RollUpRows[] {
    const row = this.readRows.get(resolution, start);
    return row ? [unpackRows(row.cells as Uint8Array)] : [];
  }

  rollUp(resolution: number, start: number): RollUp[] {
    const row = this.readRollUp.get(resolution, start) as PackedRollUp | undefined;
    return row ? [unpackRollUp(row)] : [];
  }

  /** Loads the hits to find out, since a plan checks only hours whose hits it needs next. */
  hasHits(hour: number): boolean {
    return this.blocks(hour).length > 0;
  }

  /**
   * Returns the hits of an hour. The most recent are cached while the hour's roll-up stays the same: the first and last
   * hour of a range are needed for every query, and are the largest data that a query reads.
   */
  blocks(hour: number): readonly HitBlock[] {
    const id = this.rollUpId(HOURLY, hour);
    const blocks = this.hourBlocks.get(hour);
    if (blocks && blocks.id === id) return blocks.blocks;
    const read = this.readHour(hour, id);
    this.hourBlocks.set(hour, read);
    return read.blocks;
  }

  private readHour(hour: number, id: number | undefined): HourBlocks {
    const blobs = this.readBlocks.all(hour).map((row) => row.hits as Uint8Array);
    const bytes = blobs.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return { id, blocks: blobs.map(unpackHits), bytes };
  }

  hoursBefore(end: number, from: number, count: number): number[] {
    return this.readHours.all(end, from, count).map((row) => Number(row.hour));
  }

  deviceIds(): (string | undefined)[] {
    const idOfVisitor: string[] = [];
    const visitors = this.db.prepare('SELECT id, node_id FROM visitors WHERE node_id IS NOT NULL');
    for (const row of visitors.all()) idOfVisitor[Number(row.id)] = String(row.node_id);
    return idOfVisitor;
  }
}
