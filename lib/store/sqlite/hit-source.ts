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

/** How many bytes of hits are remembered. */
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
  /** By hour. `id`: that of the roll-up they were read with. An hour of more than all bytes takes the place of all others. */
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

  /** Reads the hits already: a plan asks this of the hours whose hits are needed next. */
  hasHits(hour: number): boolean {
    return this.blocks(hour).length > 0;
  }

  /**
   * The hits of an hour. Those read last are kept for as long as the hour's roll-up stays the same: the hours that
   * ranges begin and end in are asked for with every question, and are the largest things a question reads.
   */
  blocks(hour: number): readonly HitBlock[] {
    const id = this.rollUpId(HOURLY, hour);
    const known = this.hourBlocks.get(hour);
    if (known && known.id === id) return known.blocks;
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
    const nodeOf: string[] = [];
    const visitors = this.db.prepare('SELECT id, node_id FROM visitors WHERE node_id IS NOT NULL');
    for (const row of visitors.all()) nodeOf[Number(row.id)] = String(row.node_id);
    return nodeOf;
  }
}
