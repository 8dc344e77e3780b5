import { type Dictionaries, DictionaryReader } from '../../rollup/dictionaries';
import { type HitBlock, unpackHits } from '../../rollup/hit-block';
import type { HitSource } from '../../rollup/hit-source';
import { FINEST } from '../../rollup/resolutions';
import {
  type CellDetails,
  type Cells,
  type PackedCells,
  unpackAll,
  unpackCells,
} from '../../rollup/roll-up';
import type { Database } from './driver';

/** How many bytes of raw hits are remembered. */
const BYTES_REMEMBERED = 4 * 1024 * 1024;

/** The hits and roll-ups of an SQLite database. */
export class SqliteHits implements HitSource {
  private readonly names: DictionaryReader;
  private readonly readCells;
  private readonly readAll;
  private readonly readBlocks;
  private readonly readHours;
  private readonly readFirst;
  private readonly readId;
  /** By hour, the one asked for longest ago first. `id`: that of the roll-up they were read with. */
  private readonly hourBlocks = new Map<
    number,
    { id: unknown; blocks: readonly HitBlock[]; bytes: number }
  >();
  private blockBytes = 0;

  constructor(private readonly db: Database) {
    this.names = new DictionaryReader(db);
    this.readCells = db.prepare('SELECT cells FROM rollups WHERE step = ? AND start = ?');
    this.readAll = db.prepare('SELECT cells, details FROM rollups WHERE step = ? AND start = ?');
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

  rollUpId(step: number, start: number): number | undefined {
    const row = this.readId.get(step, start);
    return row && Number(row.id);
  }

  firstHour(): number | undefined {
    const first = this.readFirst.get(FINEST)?.start;
    return first == null ? undefined : Number(first);
  }

  cells(step: number, start: number): Cells[] {
    const row = this.readCells.get(step, start);
    return row ? [unpackCells(row.cells as Uint8Array)] : [];
  }

  details(step: number, start: number): (Cells & CellDetails)[] {
    const row = this.readAll.get(step, start) as PackedCells | undefined;
    return row ? [unpackAll(row)] : [];
  }

  /**
   * The raw hits of an hour. Those read last are kept for as long as the hour's roll-up stays the same: the hours that
   * ranges begin and end in are asked for with every question, and are the largest things a question reads.
   */
  blocks(hour: number): readonly HitBlock[] {
    const id = this.readId.get(FINEST, hour)?.id;
    const known = this.hourBlocks.get(hour);
    this.hourBlocks.delete(hour);
    const read = known && known.id === id ? known : this.readHour(hour, id);
    if (known !== read) this.blockBytes += read.bytes - (known?.bytes ?? 0);
    this.hourBlocks.set(hour, read);
    for (const [oldest, { bytes }] of this.hourBlocks) {
      if (this.blockBytes <= BYTES_REMEMBERED || oldest === hour) break;
      this.hourBlocks.delete(oldest);
      this.blockBytes -= bytes;
    }
    return read.blocks;
  }

  private readHour(hour: number, id: unknown) {
    const blobs = this.readBlocks.all(hour).map((row) => row.hits as Uint8Array);
    const bytes = blobs.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return { id, blocks: blobs.map(unpackHits), bytes };
  }

  hoursBefore(end: number, from: number, count: number): number[] {
    return this.readHours.all(end, from, count).map((row) => Number(row.hour));
  }

  nodes(): (string | undefined)[] {
    const nodeOf: string[] = [];
    const visitors = this.db.prepare('SELECT id, node_id FROM visitors WHERE node_id IS NOT NULL');
    for (const row of visitors.all()) nodeOf[Number(row.id)] = String(row.node_id);
    return nodeOf;
  }
}
