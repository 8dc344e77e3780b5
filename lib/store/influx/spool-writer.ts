import type { HostEndpoint } from '../../domain/access';
import { addressKind } from '../../domain/address';
import { emptyRow } from '../../rollup/hit-row';
import { HOURLY, startOf } from '../../rollup/resolutions';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import type { Batch } from '../ports/ingest';
import type { HitWriter, IsNew } from '../sqlite/commit';
import type { DictionaryWriter } from '../sqlite/dictionary-writer';
import type { Database } from '../sqlite/driver';
import { RollUpWriter } from '../sqlite/roll-up-writer';
import { FileKeys } from './file-keys';
import { type SpooledHit, secondsOf } from './hit-codec';
import type { Spool } from './spool';

/** Hits in a row of the spool, which limits what is read and sent at a time to a megabyte. */
const HITS_PER_ROW = 4_000;
/** nginx accepts no longer request lines; a point holds at most 64 KiB. */
const LONGEST_PATH = 8_192;
const NO_ENDPOINT: HostEndpoint = { host: null, endpoint: '' };

/**
 * Writes hits into the spool instead of into blocks. Hits older than InfluxDB keeps any are counted immediately, in
 * roll-ups of our own database that are sent whole.
 */
export class SpoolWriter implements HitWriter {
  private readonly keys: FileKeys;
  /** For the hour being written. */
  private readonly rollUp = new RollUpBuilder();
  private readonly rollUps: RollUpWriter;

  constructor(
    private readonly db: Database,
    private readonly dictionary: DictionaryWriter,
    private readonly spool: Spool,
    /** How long single hits are kept; milliseconds. */
    private readonly keepMs: number,
  ) {
    this.keys = new FileKeys(db);
    this.rollUps = new RollUpWriter(db);
  }

  write(batch: Batch, isNew: IsNew, now: number): void {
    const { hits } = batch;
    const { methods, paths } = hits;
    const keys = this.fileKeys(batch);
    const visitors = Uint32Array.from(hits.ips, (address) => this.dictionary.visitor(address));
    const endpoints = hits.endpoints.map((one) => this.countedUnder(one));
    const ownIp = hits.ips.map((address) => (addressKind(address) === 'tailnet' ? null : address));
    const oldest = startOf(now - this.keepMs, HOURLY) + HOURLY;
    const past = new Map<number, number[]>();
    let waiting: SpooledHit[] = [];
    const row = emptyRow();
    for (let i = 0; i < hits.length; i++) {
      hits.readRow(i, row);
      const { file, offset, time } = row;
      if (!isNew(file, offset)) continue;
      if (time < oldest) {
        const hour = startOf(time, HOURLY);
        const rows = past.get(hour);
        if (rows) rows.push(i);
        else past.set(hour, [i]);
        continue;
      }
      const { second, millisecond } = secondsOf(time);
      waiting.push({
        second,
        millisecond,
        fileKey: keys.get(file) ?? this.fileKey(file, ''),
        file,
        offset,
        visitor: visitors[row.ip] ?? 0,
        ip: ownIp[row.ip] ?? null,
        ...(endpoints[row.endpoint] ?? NO_ENDPOINT),
        method: methods[row.method] ?? null,
        path: paths[row.path]?.slice(0, LONGEST_PATH) ?? null,
        status: row.status,
        responseMs: row.responseMs,
        bytes: row.bytes,
        client: row.client,
      });
      if (waiting.length < HITS_PER_ROW) continue;
      this.spool.addHits(waiting, now);
      waiting = [];
    }
    if (waiting.length > 0) this.spool.addHits(waiting, now);
    for (const [hour, rows] of past) this.writePast(hour, batch, rows, visitors, now);
  }

  private writePast(
    hour: number,
    { hits }: Batch,
    rows: readonly number[],
    visitors: Uint32Array,
    now: number,
  ): void {
    this.rollUp.clear();
    const row = emptyRow();
    for (const i of rows) {
      hits.readRow(i, row);
      row.visitor = visitors[row.ip] ?? 0;
      row.endpoint = this.dictionary.endpoint(hits.endpoints[row.endpoint] ?? NO_ENDPOINT);
      this.rollUp.add(row);
    }
    this.rollUps.addToHour(hour, this.rollUp);
    this.spool.addPast(hour, now);
  }

  /** Returns what a hit of an endpoint is counted under: the endpoint, or `(other)` when there are too many. */
  private countedUnder(endpoint: HostEndpoint): HostEndpoint {
    const row = this.db
      .prepare('SELECT host, name FROM endpoints WHERE id = ?')
      .get(this.dictionary.endpoint(endpoint));
    return row ? { host: String(row.host) || null, endpoint: String(row.name) } : endpoint;
  }

  private fileKeys({ checkpoints }: Batch): Map<number, string> {
    return new Map(checkpoints.map((c) => [c.file, this.fileKey(c.file, c.fingerprint)]));
  }

  private fileKey(file: number, start: string): string {
    const stored = this.db.prepare('SELECT head FROM files WHERE id = ?').get(file);
    return this.keys.of(file, String(stored?.head ?? start));
  }
}
