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
import type { WantedVisitors } from '../../rollup/slices';
import { LRUCache } from '../../util/lru';
import { DictionaryReader } from './dictionary-reader';
import type { Database } from './driver';
import { SliceQuery } from './slice-query';

/** How many bytes of hits are cached. */
const BYTES_REMEMBERED = 4 * 1024 * 1024;

type HourBlocks = { id: number | undefined; blocks: readonly HitBlock[]; bytes: number };

/** The hits and roll-ups of an SQLite database. */
export class SqliteHits implements HitSource {
  private readonly names: DictionaryReader;
  private readonly readRows;
  private readonly readRollUp;
  private readonly readBlocks;
  private readonly readHasHits;
  private readonly readHours;
  private readonly readFirst;
  private readonly readId;
  /** Whole hours. `id`: that of the roll-up they were read with. An hour larger than the limit evicts all others. */
  private readonly hourBlocks = new LRUCache<number, HourBlocks>({
    maxSize: BYTES_REMEMBERED,
    sizeCalculation: ({ bytes }) => Math.min(BYTES_REMEMBERED, bytes + 1),
  });

  constructor(private readonly db: Database) {
    this.names = new DictionaryReader(db);
    this.readRows = new SliceQuery(
      db,
      'SELECT cells AS rows FROM rollups WHERE step = ? AND start = ?',
    );
    this.readRollUp = new SliceQuery(
      db,
      'SELECT cells AS rows, details FROM rollups WHERE step = ? AND start = ?',
    );
    this.readBlocks = new SliceQuery(db, 'SELECT hits FROM hit_blocks WHERE hour = ?');
    this.readHasHits = db.prepare('SELECT 1 FROM hit_blocks WHERE hour = ? LIMIT 1');
    // From one hour to the one before: a busy hour has dozens of slices, of which the index would be read.
    this.readHours = db.prepare(
      `WITH RECURSIVE hours(hour) AS (
         SELECT MAX(hour) FROM hit_blocks WHERE hour < ?1 UNION ALL
         SELECT (SELECT MAX(b.hour) FROM hit_blocks b WHERE b.hour < hours.hour) FROM hours WHERE hour >= ?2
       ) SELECT hour FROM hours WHERE hour >= ?2 LIMIT ?3`,
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

  rows(resolution: number, start: number, wanted: WantedVisitors): RollUpRows[] {
    const slices = this.readRows.all(wanted, resolution, start);
    return slices.map(({ rows }) => unpackRows(rows as Uint8Array));
  }

  rollUp(resolution: number, start: number, wanted: WantedVisitors): RollUp[] {
    const slices = this.readRollUp.all(wanted, resolution, start);
    return slices.map((slice) => unpackRollUp(slice as PackedRollUp));
  }

  hasHits(hour: number): boolean {
    return this.readHasHits.get(hour) !== undefined;
  }

  /**
   * Returns the hits of an hour. The most recent whole hours are cached while their roll-ups stay the same: the first and
   * last hour of a range are needed for every query, and are the largest data that a query reads. Slices are not: a list
   * reads a hundred hours of them once, and what a cache holds for a while is expensive garbage.
   */
  blocks(hour: number, wanted: WantedVisitors): readonly HitBlock[] {
    if (wanted !== null) return this.packedBlocks(hour, wanted).map(unpackHits);
    const id = this.rollUpId(HOURLY, hour);
    const cached = this.hourBlocks.get(hour);
    if (cached && cached.id === id) return cached.blocks;
    const packed = this.packedBlocks(hour, null);
    const blocks = packed.map(unpackHits);
    const bytes = packed.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.hourBlocks.set(hour, { id, blocks, bytes });
    return blocks;
  }

  private packedBlocks(hour: number, wanted: WantedVisitors): Uint8Array[] {
    return this.readBlocks.all(wanted, hour).map((row) => row.hits as Uint8Array);
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
