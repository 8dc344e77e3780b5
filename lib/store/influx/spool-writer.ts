import { CLIENT_KINDS } from '../../domain/access';
import { addressKind } from '../../domain/address';
import { FINEST, startOf } from '../../rollup/resolutions';
import { CellTable } from '../../rollup/roll-up';
import type { Batch } from '../ports/ingest';
import type { HitWriter, IsNew } from '../sqlite/commit';
import type { DictionaryWriter } from '../sqlite/dictionary-writer';
import type { Database } from '../sqlite/driver';
import { writeHourlyRollUp } from '../sqlite/roll-up-writer';
import { digest } from './lines';
import type { Spool, SpooledHit } from './spool';

/** Hits a row of the spool holds: what is read and sent at a time stays a megabyte. */
const HITS_A_ROW = 4_000;
/** nginx takes no longer request lines; a point takes no more than 64 KiB. */
const LONGEST_PATH = 8_192;
const BOT = CLIENT_KINDS.indexOf('bot');

/**
 * Writes hits into the spool instead of into blocks. Hits older than InfluxDB keeps any are counted at once, in roll-ups
 * of our own database that are sent whole.
 */
export class SpoolWriter implements HitWriter {
  /** Of the hour being written. */
  private readonly cells = new CellTable();

  constructor(
    private readonly db: Database,
    private readonly dictionary: DictionaryWriter,
    private readonly spool: Spool,
    /** Single hits are kept for so long; milliseconds. */
    private readonly keepMs: number,
  ) {}

  write(batch: Batch, isNew: IsNew, now: number): void {
    const { hits } = batch;
    const { time, file, offset, ip, endpoint, method, path, status, client, bytes, responseMs } =
      hits.columns;
    const keys = this.fileKeys(batch);
    const visitors = Uint32Array.from(hits.ips, (address) => this.dictionary.visitor(address));
    const endpoints = hits.endpoints.map((name) => this.endpointName(name));
    const ownIp = hits.ips.map((address) => (addressKind(address) === 'tailnet' ? null : address));
    const oldest = startOf(now - this.keepMs, FINEST) + FINEST;
    const past = new Map<number, number[]>();
    let row: SpooledHit[] = [];
    for (let i = 0; i < hits.length; i++) {
      const number = file[i] ?? 0;
      const place = offset[i] ?? 0;
      if (!isNew(number, place)) continue;
      const at = time[i] ?? 0;
      if (at < oldest) {
        const hour = startOf(at, FINEST);
        const rows = past.get(hour);
        if (rows) rows.push(i);
        else past.set(hour, [i]);
        continue;
      }
      const second = Math.floor(at / 1_000);
      row.push([
        second,
        at - second * 1_000,
        keys.get(number) ?? this.fileKey(number, ''),
        number,
        place,
        visitors[ip[i] ?? 0] ?? 0,
        ownIp[ip[i] ?? 0] ?? null,
        endpoints[endpoint[i] ?? 0] ?? '',
        hits.methods[method[i] ?? 0] ?? null,
        hits.paths[path[i] ?? 0]?.slice(0, LONGEST_PATH) ?? null,
        status[i] ?? 0,
        responseMs[i] ?? -1,
        bytes[i] ?? -1,
        client[i] ?? 0,
      ]);
      if (row.length < HITS_A_ROW) continue;
      this.spool.addHits(row, now);
      row = [];
    }
    if (row.length > 0) this.spool.addHits(row, now);
    for (const [hour, rows] of past) this.writePast(hour, batch, rows, visitors, now);
  }

  private writePast(
    hour: number,
    { hits }: Batch,
    rows: readonly number[],
    visitors: Uint32Array,
    now: number,
  ): void {
    const { ip, endpoint, status, client, bytes, responseMs } = hits.columns;
    const { cells } = this;
    cells.clear();
    for (const i of rows) {
      const ms = responseMs[i] ?? -1;
      cells.add(
        visitors[ip[i] ?? 0] ?? 0,
        this.dictionary.endpoint(hits.endpoints[endpoint[i] ?? 0] ?? ''),
        status[i] ?? 0,
        client[i] === BOT,
        Math.max(0, bytes[i] ?? 0),
        ms < 0 ? null : ms,
      );
    }
    writeHourlyRollUp(this.db, hour, cells);
    this.spool.addPast(hour, now);
  }

  /** The name that counts for an endpoint: its own, or `(other)` when there are too many. */
  private endpointName(name: string): string {
    const row = this.db
      .prepare('SELECT name FROM endpoints WHERE id = ?')
      .get(this.dictionary.endpoint(name));
    return String(row?.name ?? name);
  }

  private fileKeys({ checkpoints }: Batch): Map<number, string> {
    return new Map(checkpoints.map(({ file, head }) => [file, this.fileKey(file, head)]));
  }

  private fileKey(file: number, head: string): string {
    const stored = this.db.prepare('SELECT head FROM files WHERE id = ?').get(file);
    return this.spool.fileKey(file, String(stored?.head ?? head), digest);
  }
}
