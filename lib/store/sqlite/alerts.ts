import type { Alert } from '../../domain/alert';
import type { OpenAlert } from '../../domain/notice';
import type { AlertFilter, AlertPage, AlertStore, Evaluation } from '../ports/alerts';
import { parseTimeAndId } from '../ports/cursor';
import type { SqliteFile } from './file';
import { alertSchema } from './stored-notice';

export class SqliteAlerts implements AlertStore {
  constructor(private readonly file: SqliteFile) {}

  async openAlerts(): Promise<OpenAlert[]> {
    return this.file.db
      .prepare("SELECT * FROM alerts WHERE state <> 'resolved' ORDER BY id")
      .all()
      .map((row) => ({
        alert: toAlert(row),
        bad: Number(row.bad),
        good: Number(row.good),
        notified: row.told === 1,
        ...(typeof row.incident === 'number' ? { incident: row.incident } : {}),
      }));
  }

  async nextAlertId(): Promise<number> {
    // AUTOINCREMENT keeps the highest id ever used, even when its alert is gone.
    const row = this.file.db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'alerts'").get();
    return Number(row?.seq ?? 0) + 1;
  }

  async saveEvaluation(evaluation: Evaluation): Promise<void> {
    const { changed, vanished, notices, channels, notified } = evaluation;
    const { db } = this.file;
    this.file.write(() => {
      const forget = db.prepare('DELETE FROM alerts WHERE id = ?');
      for (const id of vanished) forget.run(id);
      for (const open of changed) this.saveAlert(open);
      const setNotified = db.prepare('UPDATE alerts SET told = 1 WHERE id = ?');
      for (const id of notified) setNotified.run(id);
      const addNotice = db.prepare(
        'INSERT INTO alert_notices (channel, alert, topic, notice) VALUES (?, ?, ?, ?)',
      );
      for (const notice of notices) {
        for (const channel of channels) {
          addNotice.run(channel, notice.alert.id, notice.alert.topic, JSON.stringify(notice));
        }
      }
    });
  }

  private saveAlert({ alert, bad, good, incident }: OpenAlert): void {
    this.file.db
      .prepare(
        `INSERT INTO alerts (id, rule, topic, node_id, hostname, state, severity, title, evidence, since, fired_at,
         resolved_at, said, bad, good, incident) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET hostname = excluded.hostname, state = excluded.state, severity = excluded.severity, title = excluded.title,
         evidence = excluded.evidence, fired_at = excluded.fired_at, resolved_at = excluded.resolved_at,
         said = excluded.said, bad = excluded.bad, good = excluded.good, incident = excluded.incident`,
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
        alert.said ? JSON.stringify(alert.said) : null,
        bad,
        good,
        incident ?? null,
      );
  }

  async acknowledge(id: number, by: string, now: number): Promise<Alert | null> {
    const { db } = this.file;
    return this.file.write(() => {
      db.prepare(
        `UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ?
           WHERE id = ? AND state = 'firing' AND acknowledged_at IS NULL`,
      ).run(now, by, id);
      const row = db.prepare('SELECT * FROM alerts WHERE id = ?').get(id);
      return row ? toAlert(row) : null;
    });
  }

  async unacknowledge(id: number): Promise<Alert | null> {
    const { db } = this.file;
    return this.file.write(() => {
      const { changes } = db
        .prepare(
          `UPDATE alerts SET acknowledged_at = NULL, acknowledged_by = NULL
             WHERE id = ? AND state = 'firing' AND acknowledged_at IS NOT NULL`,
        )
        .run(id);
      const row = db.prepare('SELECT * FROM alerts WHERE id = ?').get(id);
      return row && Number(changes) > 0 ? toAlert(row) : null;
    });
  }

  async history(filter: AlertFilter, limit: number, cursor: string | null): Promise<AlertPage> {
    const after = cursor === null ? [Number.MAX_SAFE_INTEGER, 0] : parseTimeAndId(cursor);
    const alerts = this.file.db
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
}

function toAlert(row: Record<string, unknown>): Alert {
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
    said: typeof row.said === 'string' ? JSON.parse(row.said) : undefined,
    since: row.since,
    firedAt: row.fired_at,
    resolvedAt: row.resolved_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
  });
}
