import type { Alert, Mute } from '../../domain/alert';
import { BadCursor } from '../../domain/errors';
import type { OpenAlert } from '../../domain/notice';
import type { AlertFilter, AlertPage, AlertStore, Evaluation } from '../ports/alerts';
import { type Database, transaction } from './driver';
import { SqliteOutbox } from './outbox';
import { openMigrated } from './schema';
import { alertSchema } from './stored-notice';

type Row = Record<string, unknown>;

/** Alerts, mutes and what is to be told, in the database the store is in, over a connection of its own. */
export class SqliteAlerts extends SqliteOutbox implements AlertStore {
  private constructor(db: Database, file: string) {
    super(db, file);
  }

  /** Opens or makes the database, migrating it forward. Throws `StoreUnavailable`. */
  static async open(file: string): Promise<SqliteAlerts> {
    return new SqliteAlerts(await openMigrated(file), file);
  }

  async openAlerts(): Promise<OpenAlert[]> {
    return this.db
      .prepare("SELECT * FROM alerts WHERE state <> 'resolved' ORDER BY id")
      .all()
      .map((row) => ({
        alert: toAlert(row),
        bad: Number(row.bad),
        good: Number(row.good),
        told: row.told === 1,
      }));
  }

  async nextAlertId(): Promise<number> {
    // AUTOINCREMENT keeps the highest id there ever was, also when its alert is gone.
    const row = this.db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'alerts'").get();
    return Number(row?.seq ?? 0) + 1;
  }

  async saveEvaluation(evaluation: Evaluation): Promise<void> {
    const { changed, vanished, notices, channels, told } = evaluation;
    transaction(this.db, this.file, () => {
      const forget = this.db.prepare('DELETE FROM alerts WHERE id = ?');
      for (const id of vanished) forget.run(id);
      for (const open of changed) this.saveAlert(open);
      const tell = this.db.prepare('UPDATE alerts SET told = 1 WHERE id = ?');
      for (const id of told) tell.run(id);
      const wait = this.db.prepare(
        'INSERT INTO alert_notices (channel, alert, topic, notice) VALUES (?, ?, ?, ?)',
      );
      for (const notice of notices) {
        for (const channel of channels) {
          wait.run(channel, notice.alert.id, notice.alert.topic, JSON.stringify(notice));
        }
      }
    });
  }

  private saveAlert({ alert, bad, good }: OpenAlert): void {
    this.db
      .prepare(
        `INSERT INTO alerts (id, rule, topic, node_id, hostname, state, severity, title, evidence, since, fired_at,
         resolved_at, bad, good) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, severity = excluded.severity, title = excluded.title,
         evidence = excluded.evidence, fired_at = excluded.fired_at, resolved_at = excluded.resolved_at,
         bad = excluded.bad, good = excluded.good`,
      )
      .run(
        alert.id,
        alert.rule,
        alert.topic,
        alert.nodeId,
        alert.hostname,
        alert.state,
        alert.severity,
        alert.title,
        JSON.stringify(alert.evidence),
        alert.since,
        alert.firedAt,
        alert.resolvedAt,
        bad,
        good,
      );
  }

  async acknowledge(id: number, by: string, now: number): Promise<Alert | null> {
    return transaction(this.db, this.file, () => {
      this.db
        .prepare(
          `UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ?
           WHERE id = ? AND state = 'firing' AND acknowledged_at IS NULL`,
        )
        .run(now, by, id);
      const row = this.db.prepare('SELECT * FROM alerts WHERE id = ?').get(id);
      return row ? toAlert(row) : null;
    });
  }

  async history(filter: AlertFilter, limit: number, cursor: string | null): Promise<AlertPage> {
    const after = cursor === null ? [Number.MAX_SAFE_INTEGER, 0] : parseCursor(cursor);
    const alerts = this.db
      .prepare(
        `SELECT * FROM alerts WHERE state = 'resolved' AND (resolved_at, id) < (?1, ?2)
         AND (?3 IS NULL OR topic = ?3) AND (?4 IS NULL OR node_id = ?4)
         ORDER BY resolved_at DESC, id DESC LIMIT ?5`,
      )
      .all(...after, filter.topic, filter.nodeId, limit + 1)
      .map(toAlert);
    const last = alerts.length > limit ? alerts[limit - 1] : undefined;
    return {
      alerts: alerts.slice(0, limit),
      nextCursor: last ? `${last.resolvedAt}-${last.id}` : null,
    };
  }

  async addMute(mute: Omit<Mute, 'id'>): Promise<Mute> {
    const { topic, nodeId, from, until, reason, by } = mute;
    return transaction(this.db, this.file, () => {
      const { lastInsertRowid } = this.db
        .prepare(
          'INSERT INTO alert_mutes (topic, node_id, start, "end", reason, by) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(topic, nodeId, from, until, reason, by);
      return { id: Number(lastInsertRowid), ...mute };
    });
  }

  async endMute(id: number, now: number): Promise<boolean> {
    return transaction(this.db, this.file, () => {
      const { changes } = this.db
        .prepare('UPDATE alert_mutes SET "end" = ?1 WHERE id = ?2 AND "end" > ?1')
        .run(now, id);
      return Number(changes) > 0;
    });
  }

  async prune(before: number): Promise<void> {
    transaction(this.db, this.file, () => {
      const run = (sql: string) => this.db.prepare(sql).run(before);
      run("DELETE FROM alerts WHERE state = 'resolved' AND resolved_at < ?");
      run('DELETE FROM alert_mutes WHERE "end" < ?');
      run(
        "DELETE FROM alert_messages WHERE state IN ('sent', 'failed', 'unconfirmed') AND attempted_at < ?",
      );
      run('DELETE FROM alert_topics WHERE told_at < ?');
      // Left by a channel that is no longer set up.
      run("DELETE FROM alert_notices WHERE json_extract(notice, '$.at') < ?");
    });
  }

  async close(): Promise<void> {
    this.db.close();
  }
}

function toAlert(row: Row): Alert {
  return alertSchema.parse({
    id: row.id,
    rule: row.rule,
    topic: row.topic,
    nodeId: row.node_id,
    hostname: row.hostname,
    state: row.state,
    severity: row.severity,
    title: row.title,
    evidence: JSON.parse(String(row.evidence)),
    since: row.since,
    firedAt: row.fired_at,
    resolvedAt: row.resolved_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
  });
}

/** Throws `BadCursor` when it is not a page's `nextCursor`. */
function parseCursor(cursor: string): [number, number] {
  const parts = /^(\d{1,15})-(\d{1,15})$/.exec(cursor);
  if (!parts) throw new BadCursor();
  return [Number(parts[1]), Number(parts[2])];
}
