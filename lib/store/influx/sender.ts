import { visitorNames } from '../../domain/visitor';
import { toVisitor, type VisitorRow } from '../../rollup/dictionaries';
import { FINEST, STEPS, startOf } from '../../rollup/resolutions';
import { type PackedCells, unpackAll } from '../../rollup/roll-up';
import type { SenderState } from '../ports/spool';
import { StoreUnavailable } from '../ports/store-unavailable';
import { type Database, transaction } from '../sqlite/driver';
import { type BucketKind, type Influx, InfluxRefusal } from './client';
import { tag } from './lines';
import { Names, type NamesDocument } from './names';
import {
  changeLine,
  documentLine,
  hitLine,
  hourLine,
  type NamedVisitor,
  rollUpLine,
} from './points';
import { addedUp, packRollUp } from './roll-up';
import { Spool, type SpooledRow } from './spool';

/** Points a request carries, about: InfluxDB's own advice is five thousand. */
const POINTS_A_REQUEST = 5_000;
/** A hit waits so long for whois, so that its tags name who made it. */
const WAIT_FOR_NAME_MS = 3_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Statuses that speak of what was sent, not of the server: sending it again is of no use. */
const OF_THE_BATCH = new Set([400, 413, 422]);
const [, SECOND = FINEST] = STEPS;
/** How InfluxDB 2 words that a point is older than its bucket keeps any. */
const TOO_OLD = /beyond retention policy/i;

type Lines = Record<BucketKind, string[]> & {
  changes: string[];
  changed: { step: number; start: number }[];
};

/**
 * Sends the spool to InfluxDB, oldest first. What the server has not confirmed stays; what it confirmed and we did not
 * get to hear of is sent again, which changes nothing, since the same place in the log makes the same point.
 */
export class Sender {
  readonly spool: Spool;
  private error: string | null = null;
  private failingSince: number | null = null;
  private notBefore = 0;
  private pause = FIRST_PAUSE_MS;
  private count = 0;
  private published = '';
  /** The hour of the newest hits sent: what lies before it is likely to be complete. */
  sentUpTo = 0;

  constructor(
    private readonly db: Database,
    private readonly file: string,
    private readonly influx: Influx,
    private readonly collector: string,
    private readonly now: () => number = Date.now,
  ) {
    this.spool = new Spool(db);
  }

  state(): SenderState {
    const { total, samples } = this.spool.rejected();
    return {
      ...this.spool.state(),
      error: this.error,
      failingSince: this.failingSince,
      rejected: total,
      lastRejected: samples[0]?.reason ?? null,
      sent: this.count,
    };
  }

  /**
   * Sends until nothing is left, the server fails, or `stop` says so; true when nothing is left. `patient`: the newest
   * hits wait a little for the names of their visitors.
   */
  async drain(stop: () => boolean = () => false, patient = true): Promise<boolean> {
    while (!stop() && this.now() >= this.notBefore) {
      try {
        const step = await this.step(patient);
        if (step !== 'sent') return step === 'empty';
      } catch (error) {
        // Our own disk may be full, too: what was sent and could not be crossed off is sent again.
        if (error instanceof StoreUnavailable) this.failed(error.message, null);
        else if (error instanceof InfluxRefusal) {
          this.failed(this.influx.unavailable(error).message, error.retryAfterMs);
        } else throw error;
        return false;
      }
    }
    return false;
  }

  private async step(patient: boolean): Promise<'sent' | 'empty' | 'waiting'> {
    const version = this.namesVersion();
    const names = version === this.published ? [] : this.namesLines(version);
    const rows = this.spool.head(POINTS_A_REQUEST);
    if (rows.length === 0 && names.length === 0) return 'empty';
    const ready = patient ? this.named(rows) : rows;
    if (ready.length === 0 && names.length === 0) return 'waiting';
    const lines = this.linesOf(ready);
    lines.state.push(...names);
    // Names first: a reader who sees the hits knows who made them. What tells readers of the hits comes after the hits.
    for (const kind of ['state', 'raw', 'rollups'] as const) await this.send(kind, lines[kind]);
    await this.send('raw', lines.changes);
    transaction(this.db, this.file, () => {
      this.spool.sent(ready);
      for (const { step, start } of lines.changed) this.spool.markToSum(step, start);
    });
    if (lines.changed.length > 0) this.sentUpTo = lines.changed.at(-1)?.start ?? this.sentUpTo;
    // The one that was sent: there may be a newer one by now.
    this.published = version;
    this.count += lines.raw.length;
    this.error = null;
    this.failingSince = null;
    this.pause = FIRST_PAUSE_MS;
    return ready.length === 0 && rows.length > 0 ? 'waiting' : 'sent';
  }

  /** Those at the head whose visitors somebody has asked about, or that have waited long enough. */
  private named(rows: readonly SpooledRow[]): SpooledRow[] {
    const unasked = new Set(
      this.db
        .prepare(
          `SELECT id FROM visitors WHERE current = 1 AND kind = 'tailnet' AND checked_at IS NULL`,
        )
        .all()
        .map(({ id }) => Number(id)),
    );
    const ready: SpooledRow[] = [];
    for (const row of rows) {
      const waits =
        row.kind === 'hits' &&
        unasked.size > 0 &&
        this.now() - row.createdAt < WAIT_FOR_NAME_MS &&
        row.hits.some(([, , , , , visitor]) => unasked.has(visitor));
      if (waits) break;
      ready.push(row);
    }
    return ready;
  }

  private linesOf(rows: readonly SpooledRow[]): Lines {
    const lines: Lines = { raw: [], rollups: [], state: [], changes: [], changed: [] };
    const changed = new Map<number, number>();
    const visitors = this.visitors();
    const seq = `${this.now().toString(36)}.${Math.random().toString(36).slice(2, 8)}`;
    for (const row of rows) {
      if (row.kind === 'lines') lines[row.bucket].push(...row.lines);
      else if (row.kind === 'past') {
        const past = this.pastLines(row.hour, visitors);
        lines.rollups.push(...past.lines);
        lines.changes.push(...past.changes);
        lines.changed.push({ step: SECOND, start: startOf(row.hour, SECOND) });
      } else {
        for (const hit of row.hits) {
          lines.raw.push(hitLine(hit, this.collector, visitors));
          const hour = hit[0] - (hit[0] % 3_600);
          changed.set(hour, Math.min(hit[0], changed.get(hour) ?? hit[0]));
        }
      }
    }
    for (const [hour, from] of changed) {
      const start = hour * 1_000;
      lines.changed.push({ step: FINEST, start });
      lines.rollups.push(hourLine(this.collector, 'raw', start, seq));
      lines.changes.push(this.changeLine({ layer: 'raw', hour: start, from: from * 1_000, seq }));
    }
    return lines;
  }

  /** An hour of which InfluxDB has no hits, as our own roll-up has it. */
  private pastLines(hour: number, visitors: ReadonlyMap<number, NamedVisitor>) {
    const row = this.db
      .prepare('SELECT id, cells, details FROM rollups WHERE step = ? AND start = ?')
      .get(FINEST, hour);
    if (!row) return { lines: [], changes: [] };
    const seq = `past.${row.id}.${Number(row.id).toString(36)}`;
    const names = new Names();
    const cells = unpackAll(row as unknown as PackedCells);
    const endpoints = this.endpoints();
    const { visitor, endpoint } = cells.cells;
    for (let i = 0; i < cells.n; i++) {
      visitor[i] = names.visitor('', visitors.get(visitor[i] ?? 0)?.key ?? '');
      endpoint[i] = names.endpoint(endpoints[endpoint[i] ?? 0] ?? '');
    }
    const lines = [
      rollUpLine(
        this.collector,
        'past',
        FINEST,
        hour,
        packRollUp(addedUp([cells]), seq, names),
        seq,
      ),
      hourLine(this.collector, 'past', hour, seq),
    ];
    return { lines, changes: [this.changeLine({ layer: 'past', hour, from: hour, seq })] };
  }

  private changeLine(change: { layer: string; hour: number; from: number; seq: string }): string {
    return changeLine(this.collector, this.now(), change);
  }

  /** The document of names. */
  private namesLines(version: string): string[] {
    const state = (key: string) =>
      Number(this.db.prepare('SELECT value FROM state WHERE key = ?').get(key)?.value ?? 0);
    const document: NamesDocument = {
      version,
      rawFrom: state('raw_from'),
      rollupsFrom: state('rollups_from'),
      visitors: [...this.visitors().values()].map(({ key, visitor }) => [
        key,
        visitor.kind,
        visitor.ip,
        visitor.identity,
      ]),
      endpoints: this.endpoints().filter((name) => name !== undefined),
    };
    return [documentLine(this.collector, 'names', Buffer.from(JSON.stringify(document)), version)];
  }

  private namesVersion(): string {
    const row = this.db
      .prepare(
        `SELECT (SELECT value FROM state WHERE key = 'visitors_version') || '.' || (SELECT COUNT(*) FROM endpoints)
         || '.' || COALESCE((SELECT value FROM state WHERE key = 'raw_from'), '') || '.' ||
         COALESCE((SELECT value FROM state WHERE key = 'rollups_from'), '') AS version`,
      )
      .get();
    return String(row?.version);
  }

  private visitors(): ReadonlyMap<number, NamedVisitor> {
    const rows = this.db.prepare('SELECT * FROM visitors ORDER BY id').all() as VisitorRow[];
    const generations = new Map<string, number>();
    return new Map(
      rows.map((row) => {
        const visitor = toVisitor(row);
        const address = visitor.kind === 'tailnet' ? visitor.ip : visitor.kind;
        const generation = (generations.get(address) ?? 0) + 1;
        generations.set(address, generation);
        const key = generation === 1 ? address : `${address}#${generation}`;
        const { user, device } = visitorNames(visitor);
        // An address is no device: a log can be made to hold any number of them.
        const label = visitor.kind === 'tailnet' && !visitor.identity ? 'unknown' : device;
        return [row.id, { visitor, key, user: tag(user), device: tag(label) }];
      }),
    );
  }

  private endpoints(): string[] {
    const endpoints: string[] = [];
    for (const row of this.db.prepare('SELECT id, name FROM endpoints ORDER BY id').all()) {
      endpoints[Number(row.id)] = String(row.name);
    }
    return endpoints;
  }

  /** Sends lines to a bucket; those that the server refuses for what they are are found out one by one and noted. */
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
      transaction(this.db, this.file, () => {
        this.spool.reject({ time, line: lines[0] ?? '', reason });
      });
    }
  }

  private failed(message: string, retryAfterMs: number | null): void {
    const now = this.now();
    this.error = message;
    this.failingSince ??= now;
    const wait = retryAfterMs ?? this.pause * (0.75 + Math.random() / 2);
    this.notBefore = now + Math.min(wait, LONGEST_PAUSE_MS);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }
}
