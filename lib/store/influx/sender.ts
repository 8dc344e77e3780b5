import type { Said } from '../../domain/said';
import { SECOND } from '../../util/time';
import type { SenderState } from '../ports/spool';
import { StoreUnavailable } from '../ports/store-unavailable';
import type { SqliteFile } from '../sqlite/file';
import { type BucketKind, type Influx, InfluxRefusal } from './client';
import { NAMES } from './names-document';
import { OwnNames } from './own-names';
import { PendingRollUps } from './pending-roll-ups';
import { documentLine } from './points';
import { RejectedPoints } from './rejected-points';
import { Spool, type SpooledRow } from './spool';
import { SpoolEncoder } from './spool-encoder';

/** Approximate number of points in a request: InfluxDB recommends five thousand. */
const POINTS_PER_REQUEST = 5_000;
/** How long a hit waits for whois, so that its tags name who made it. */
const WAIT_FOR_NAME_MS = 3 * SECOND;
const FIRST_PAUSE_MS = SECOND / 2;
const LONGEST_PAUSE_MS = 30 * SECOND;
/** Statuses that concern the content, not the server: sending it again is useless. */
const OF_THE_BATCH = new Set([400, 413, 422]);
/** InfluxDB 2's text for a point that is older than its bucket keeps any. */
const TOO_OLD = /beyond retention policy/i;

/**
 * Sends the spool to InfluxDB, oldest first. What the server has not confirmed stays; what it stored without our
 * learning of it is sent again, which changes nothing, since the same log position makes the same point.
 */
export class Sender {
  readonly spool: Spool;
  readonly rejected: RejectedPoints;
  readonly pendingRollUps: PendingRollUps;
  private readonly names: OwnNames;
  private readonly encoder: SpoolEncoder;
  private error: Said | null = null;
  private failingSince: number | null = null;
  private notBefore = 0;
  private pause = FIRST_PAUSE_MS;
  private count = 0;
  /** The version of the names that InfluxDB has. */
  private published = '';
  /** The hour of the newest hits sent: earlier hours are likely to be complete. */
  sentUpTo = 0;

  constructor(
    private readonly file: SqliteFile,
    private readonly influx: Influx,
    private readonly collector: string,
    private readonly now: () => number = Date.now,
  ) {
    const { db } = file;
    this.spool = new Spool(db);
    this.rejected = new RejectedPoints(db);
    this.pendingRollUps = new PendingRollUps(db);
    this.names = new OwnNames(db);
    this.encoder = new SpoolEncoder(db, collector, this.names);
  }

  state(): SenderState {
    const { total, samples } = this.rejected.summary();
    return {
      ...this.spool.state(),
      error: this.error?.text ?? null,
      errorSaid: this.error ?? undefined,
      failingSince: this.failingSince,
      rejected: total,
      lastRejected: samples[0]?.reason ?? null,
      sent: this.count,
    };
  }

  /**
   * Sends until nothing is left, the server fails, or `stop` returns true; returns true when nothing is left.
   * `patient`: the newest hits wait a little for the names of their visitors.
   */
  async drain(stop: () => boolean = () => false, patient = true): Promise<boolean> {
    while (!stop() && this.now() >= this.notBefore) {
      try {
        const step = await this.step(patient);
        if (step !== 'sent') return step === 'empty';
      } catch (error) {
        // Our own disk may be full, too: rows that were sent but could not be deleted are sent again.
        if (error instanceof StoreUnavailable) this.failed(error.said, null);
        else if (error instanceof InfluxRefusal) {
          this.failed(this.influx.unavailable(error).said, error.retryAfterMs);
        } else throw error;
        return false;
      }
    }
    return false;
  }

  private async step(patient: boolean): Promise<'sent' | 'empty' | 'waiting'> {
    const version = this.names.version();
    const names = version === this.published ? [] : [this.namesLine(version)];
    const rows = this.spool.oldest(POINTS_PER_REQUEST);
    if (rows.length === 0 && names.length === 0) return 'empty';
    const ready = patient ? this.named(rows) : rows;
    if (ready.length === 0 && names.length === 0) return 'waiting';
    const lines = this.encoder.linesOf(ready, this.now());
    lines.state.push(...names);
    // Names first, so that a reader who sees the hits knows who made them. Records of changed hits come after the hits.
    for (const kind of ['state', 'raw', 'rollups'] as const) await this.send(kind, lines[kind]);
    await this.send('raw', lines.changes);
    this.file.write(() => {
      this.spool.sent(ready);
      for (const { resolution, start } of lines.pending) this.pendingRollUps.add(resolution, start);
    });
    this.sentUpTo = lines.pending.at(-1)?.start ?? this.sentUpTo;
    // The version that was sent: there may be a newer one by now.
    this.published = version;
    this.count += lines.raw.length;
    this.error = null;
    this.failingSince = null;
    this.pause = FIRST_PAUSE_MS;
    return ready.length === 0 && rows.length > 0 ? 'waiting' : 'sent';
  }

  /** Returns the first rows whose visitors whois has been asked about, or that have waited long enough. */
  private named(rows: readonly SpooledRow[]): SpooledRow[] {
    const unasked = this.names.unasked();
    if (unasked.size === 0) return [...rows];
    const waits = (row: SpooledRow) =>
      row.kind === 'hits' &&
      this.now() - row.createdAt < WAIT_FOR_NAME_MS &&
      row.hits.some(({ visitor }) => unasked.has(visitor));
    const first = rows.findIndex(waits);
    return first < 0 ? [...rows] : rows.slice(0, first);
  }

  private namesLine(version: string): string {
    const document = Buffer.from(JSON.stringify(this.names.document(version)));
    return documentLine(this.collector, NAMES, document, version);
  }

  /**
   * Sends lines to a bucket; those that the server refuses because of their content are found one by one and recorded.
   */
  private async send(kind: BucketKind, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    try {
      await this.influx.write(kind, lines);
    } catch (error) {
      if (!(error instanceof InfluxRefusal) || !OF_THE_BATCH.has(error.status ?? 0)) throw error;
      const middle = Math.ceil(lines.length / 2);
      if (lines.length > 1) {
        await this.send(kind, lines.slice(0, middle));
        await this.send(kind, lines.slice(middle));
        return;
      }
      const reason = TOO_OLD.test(error.message)
        ? `older than the bucket ${this.influx.bucket(kind)} keeps any`
        : error.message;
      const time = this.now();
      this.file.write(() => {
        this.rejected.add({ time, line: lines[0] ?? '', reason });
      });
    }
  }

  private failed(error: Said, retryAfterMs: number | null): void {
    const now = this.now();
    this.error = error;
    this.failingSince ??= now;
    const wait = retryAfterMs ?? this.pause * (0.75 + Math.random() / 2);
    this.notBefore = now + Math.min(wait, LONGEST_PAUSE_MS);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }
}
