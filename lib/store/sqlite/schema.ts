import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../../domain/said';
import { StoreUnavailable } from '../ports/store-unavailable';
import { type Database, openDatabase, storeUnavailable, transaction } from './driver';

/**
 * The schema's versions: entry i migrates a database from version i to i + 1. Never edit a released one; add another.
 * Times are epoch milliseconds.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE files (
    id INTEGER PRIMARY KEY, log TEXT NOT NULL, path TEXT NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL,
    head TEXT NOT NULL, "offset" INTEGER NOT NULL, retired INTEGER NOT NULL
  );
  CREATE TABLE visitors (
    id INTEGER PRIMARY KEY, ip TEXT NOT NULL, kind TEXT NOT NULL, current INTEGER NOT NULL,
    node_id TEXT, device TEXT, user TEXT, user_name TEXT, checked_at INTEGER
  );
  CREATE UNIQUE INDEX visitors_current ON visitors (ip, kind) WHERE current = 1;
  CREATE TABLE endpoints (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE rollups (
    id INTEGER PRIMARY KEY AUTOINCREMENT, step INTEGER NOT NULL, start INTEGER NOT NULL, cells BLOB NOT NULL,
    details BLOB NOT NULL
  );
  CREATE UNIQUE INDEX rollups_start ON rollups (step, start);
  CREATE TABLE hit_blocks (id INTEGER PRIMARY KEY, hour INTEGER NOT NULL, n INTEGER NOT NULL, hits BLOB NOT NULL);
  CREATE INDEX hit_blocks_hour ON hit_blocks (hour, n);
  CREATE TABLE rejected (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, "offset" INTEGER NOT NULL, line TEXT NOT NULL,
    reason TEXT NOT NULL, noticed_at INTEGER NOT NULL
  );
  CREATE TABLE tailnet_summaries (time INTEGER PRIMARY KEY, summary TEXT NOT NULL);
  CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  INSERT INTO state VALUES ('rejected_total', '0'), ('visitors_version', '0');
  `,
  `
  CREATE TABLE connections (
    time INTEGER NOT NULL, node_id TEXT NOT NULL, hostname TEXT NOT NULL, connection_type TEXT NOT NULL,
    relay_node TEXT NOT NULL, endpoint TEXT, latency_avg REAL, latency_min REAL, latency_max REAL, jitter REAL,
    sent INTEGER NOT NULL, received INTEGER NOT NULL, tx_bytes INTEGER NOT NULL, rx_bytes INTEGER NOT NULL,
    PRIMARY KEY (node_id, time)
  ) WITHOUT ROWID;
  CREATE TABLE connection_rollups (
    step INTEGER NOT NULL, node_id TEXT NOT NULL, start INTEGER NOT NULL, hostname TEXT NOT NULL,
    sent INTEGER NOT NULL, received INTEGER NOT NULL, latency_sum REAL NOT NULL, latency_min REAL, latency_max REAL,
    direct INTEGER NOT NULL, peer_relay INTEGER NOT NULL, relay INTEGER NOT NULL, offline INTEGER NOT NULL,
    unknown INTEGER NOT NULL, PRIMARY KEY (step, node_id, start)
  ) WITHOUT ROWID;
  CREATE TABLE path_spans (
    node_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, path TEXT NOT NULL,
    PRIMARY KEY (node_id, start)
  ) WITHOUT ROWID;
  CREATE INDEX path_spans_end ON path_spans ("end");
  CREATE TABLE events (
    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, node_id TEXT, hostname TEXT,
    "before" TEXT, "after" TEXT
  );
  CREATE INDEX events_time ON events (time);
  `,
  `
  CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, topic TEXT NOT NULL, node_id TEXT, hostname TEXT,
    state TEXT NOT NULL, severity TEXT NOT NULL, title TEXT NOT NULL, evidence TEXT NOT NULL, since INTEGER NOT NULL,
    fired_at INTEGER, resolved_at INTEGER, acknowledged_at INTEGER, acknowledged_by TEXT,
    bad INTEGER NOT NULL, good INTEGER NOT NULL, told INTEGER NOT NULL DEFAULT 0
  );
  CREATE UNIQUE INDEX alerts_open ON alerts (topic) WHERE state <> 'resolved';
  CREATE INDEX alerts_resolved ON alerts (resolved_at, id) WHERE state = 'resolved';
  CREATE TABLE alert_mutes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT, node_id TEXT, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    reason TEXT NOT NULL, by TEXT NOT NULL
  );
  CREATE TABLE alert_notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, alert INTEGER NOT NULL, topic TEXT NOT NULL,
    notice TEXT NOT NULL
  );
  CREATE INDEX alert_notices_channel ON alert_notices (channel, id);
  CREATE TABLE alert_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, message TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0, attempted_at INTEGER, error TEXT,
    mentioned INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX alert_messages_state ON alert_messages (channel, state, id);
  CREATE TABLE alert_topics (
    channel TEXT NOT NULL, topic TEXT NOT NULL, told_at INTEGER NOT NULL, PRIMARY KEY (channel, topic)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
    target TEXT NOT NULL, request_id TEXT NOT NULL
  );
  CREATE INDEX audit_time ON audit (time);
  `,
  `
  CREATE TABLE model_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, model TEXT NOT NULL, time INTEGER NOT NULL, version TEXT NOT NULL,
    trained_at INTEGER, horizon TEXT, "window" TEXT, metrics TEXT NOT NULL, in_csv INTEGER NOT NULL DEFAULT 0,
    UNIQUE (model, version, trained_at)
  );
  CREATE UNIQUE INDEX model_entries_untrained ON model_entries (model, version, time) WHERE trained_at IS NULL;
  CREATE INDEX model_entries_model ON model_entries (model, time, id);
  CREATE INDEX model_entries_time ON model_entries (time);
  CREATE INDEX model_entries_csv ON model_entries (id) WHERE in_csv = 0;
  CREATE TABLE model_counts (model TEXT PRIMARY KEY, entries INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TRIGGER model_entries_added AFTER INSERT ON model_entries BEGIN
    INSERT INTO model_counts VALUES (new.model, 1) ON CONFLICT (model) DO UPDATE SET entries = entries + 1;
  END;
  CREATE TRIGGER model_entries_gone AFTER DELETE ON model_entries BEGIN
    UPDATE model_counts SET entries = entries - 1 WHERE model = old.model;
  END;
  `,
  `
  ALTER TABLE alerts ADD COLUMN incident INTEGER;
  -- Topics named devices by their host names, which change and repeat; now by their ids. Of two open alerts that become
  -- one topic, the one that fires stays, else the older.
  DROP INDEX alerts_open;
  CREATE TEMP TABLE prefixes AS SELECT column1 AS rule, column2 AS prefix FROM (VALUES ('latency', 'latency_'),
    ('latency_unusual', 'latency_unusual_'), ('packet_loss', 'packet_loss_'), ('relayed', 'relay_'),
    ('offline', 'offline_'), ('key_expiring', 'key_expiring_'));
  CREATE TEMP TABLE topics AS SELECT id, topic AS was, prefix || node_id AS topic
    FROM alerts JOIN prefixes USING (rule) WHERE node_id IS NOT NULL;
  UPDATE alerts SET topic = (SELECT topic FROM topics WHERE topics.id = alerts.id) WHERE id IN (SELECT id FROM topics);
  CREATE TEMP TABLE doubles AS SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY topic
    ORDER BY state = 'firing' DESC, id) AS n FROM alerts WHERE state <> 'resolved') WHERE n > 1;
  DELETE FROM alerts WHERE state = 'pending' AND id IN (SELECT id FROM doubles);
  UPDATE alerts SET state = 'resolved', resolved_at = since WHERE id IN (SELECT id FROM doubles);
  CREATE UNIQUE INDEX alerts_open ON alerts (topic) WHERE state <> 'resolved';
  UPDATE alert_notices SET topic = (SELECT topic FROM topics WHERE topics.id = alert_notices.alert),
    notice = json_set(notice, '$.alert.topic', (SELECT topic FROM topics WHERE topics.id = alert_notices.alert))
    WHERE alert IN (SELECT id FROM topics);
  UPDATE alert_messages SET message = json_set(message, '$.news', json((SELECT json_group_array(json(
      CASE WHEN topic IS NULL THEN news.value ELSE json_set(news.value, '$.notice.alert.topic', topic) END))
    FROM json_each(message, '$.news') news LEFT JOIN topics ON topics.id = json_extract(news.value, '$.notice.alert.id'))))
    WHERE state IN ('queued', 'sending');
  CREATE TEMP TABLE notified AS SELECT channel, topics.topic, MAX(told_at) AS told_at FROM alert_topics
    JOIN topics ON topics.was = alert_topics.topic GROUP BY channel, topics.topic;
  DELETE FROM alert_topics WHERE topic IN (SELECT was FROM topics);
  INSERT OR REPLACE INTO alert_topics SELECT * FROM notified;
  -- A mute may be of a topic that has had no alert yet. One of a name that several devices have is of each of them.
  INSERT INTO topics SELECT DISTINCT NULL, prefix || hostname, prefix || node_id FROM connections, prefixes;
  CREATE TEMP TABLE muted AS SELECT * FROM alert_mutes WHERE topic IN (SELECT was FROM topics);
  DELETE FROM alert_mutes WHERE id IN (SELECT id FROM muted);
  INSERT INTO alert_mutes (topic, node_id, start, "end", reason, by)
    SELECT DISTINCT topics.topic, node_id, start, "end", reason, by FROM muted JOIN topics ON topics.was = muted.topic;
  DROP TABLE prefixes;
  DROP TABLE doubles;
  DROP TABLE notified;
  DROP TABLE muted;
  DROP TABLE topics;
  `,
  `
  CREATE TABLE rejected_ranges (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, knowledge TEXT NOT NULL
  );
  CREATE UNIQUE INDEX rejected_ranges_start ON rejected_ranges (file, start);
  INSERT OR IGNORE INTO rejected_ranges (file, start, "end", knowledge)
    SELECT file, "offset", "offset" + 1, '' FROM rejected;
  `,
  'ALTER TABLE model_entries ADD COLUMN imported INTEGER NOT NULL DEFAULT 0',
  // Roll-ups count response times in finer buckets. Those that there are stay readable (`rollup/coarse-details.ts`);
  // hours whose hits are kept are to be counted again.
  `
  CREATE TABLE coarse_hours (hour INTEGER PRIMARY KEY);
  INSERT INTO coarse_hours SELECT DISTINCT hour FROM hit_blocks;
  `,
  // Longer roll-ups follow the days of a time zone: those around an hour are found by when they are.
  'CREATE INDEX rollups_longer ON rollups (start, step) WHERE step <> 3600000',
  `
  -- host '': the log does not name it. Numbers stay, since blocks and roll-ups refer to them.
  CREATE TABLE host_endpoints (id INTEGER PRIMARY KEY, host TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (host, name));
  INSERT INTO host_endpoints SELECT id, '', name FROM endpoints;
  DROP TABLE endpoints;
  ALTER TABLE host_endpoints RENAME TO endpoints;
  `,
  // Titles and evidence for readers of any language; those that there are stay in English.
  'ALTER TABLE alerts ADD COLUMN said TEXT',
  // Roll-ups and the hits of an hour are in slices by visitor, found by the indexes alone. NULL: of any
  // visitor, as all that there is; what is large is divided in the background (`slice-stored.ts`).
  `
  ALTER TABLE rollups ADD COLUMN first_visitor INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE rollups ADD COLUMN last_visitor INTEGER;
  DROP INDEX rollups_start;
  CREATE UNIQUE INDEX rollups_start ON rollups (step, start, first_visitor, last_visitor);
  ALTER TABLE hit_blocks ADD COLUMN first_visitor INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE hit_blocks ADD COLUMN last_visitor INTEGER;
  DROP INDEX hit_blocks_hour;
  CREATE INDEX hit_blocks_hour ON hit_blocks (hour, n, first_visitor, last_visitor);
  INSERT OR REPLACE INTO state SELECT 'undivided_rollups', MAX(id) FROM rollups HAVING COUNT(*) > 0;
  `,
  // What travelled between devices: by hours and days, the counters last seen, and the last look. A key with an empty
  // node_id is of what tailscaled counted by itself. unsent: changed since it was sent to InfluxDB.
  `
  CREATE TABLE traffic_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT, node_id TEXT NOT NULL, hostname TEXT NOT NULL, user TEXT NOT NULL,
    user_name TEXT NOT NULL, path TEXT NOT NULL, region TEXT NOT NULL,
    UNIQUE (node_id, hostname, user, user_name, path, region)
  );
  CREATE TABLE traffic (
    step TEXT NOT NULL, start INTEGER NOT NULL, key INTEGER NOT NULL, rx_bytes INTEGER NOT NULL,
    tx_bytes INTEGER NOT NULL, unsent INTEGER NOT NULL, PRIMARY KEY (step, start, key)
  ) WITHOUT ROWID;
  CREATE INDEX traffic_unsent ON traffic (unsent) WHERE unsent = 1;
  CREATE TABLE traffic_counters (
    node_id TEXT PRIMARY KEY, seen_at INTEGER NOT NULL, run TEXT, rx_bytes INTEGER NOT NULL, tx_bytes INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE traffic_look (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL, run TEXT, counted TEXT);
  `,
  // What an action was done to, for readers of any language; what is noted so far stays in English.
  'ALTER TABLE audit ADD COLUMN said TEXT',
  // What hits add up to: `address` is the kind of the client's, `up_to_ms` the longest response time of a bucket
  // (`hit-counters.ts`). And what travelled in all, of each device by path.
  `
  CREATE TABLE hit_counters (
    host TEXT NOT NULL, address TEXT NOT NULL, bot INTEGER NOT NULL, class TEXT NOT NULL, hits INTEGER NOT NULL,
    bytes INTEGER NOT NULL, PRIMARY KEY (host, address, bot, class)
  ) WITHOUT ROWID;
  CREATE TABLE hit_durations (
    host TEXT NOT NULL, address TEXT NOT NULL, up_to_ms INTEGER NOT NULL, hits INTEGER NOT NULL, ms INTEGER NOT NULL,
    PRIMARY KEY (host, address, up_to_ms)
  ) WITHOUT ROWID;
  CREATE TABLE traffic_totals (
    node_id TEXT NOT NULL, path TEXT NOT NULL, rx_bytes INTEGER NOT NULL, tx_bytes INTEGER NOT NULL,
    PRIMARY KEY (node_id, path)
  ) WITHOUT ROWID;
  INSERT INTO traffic_totals SELECT node_id, path, SUM(rx_bytes), SUM(tx_bytes)
    FROM traffic JOIN traffic_keys ON id = key WHERE step = 'day' AND node_id <> '' GROUP BY node_id, path;
  `,
  // What is known of each device, and what has changed of it.
  `
  CREATE TABLE inventory_devices (
    node_id TEXT PRIMARY KEY, first_seen INTEGER NOT NULL, noted_at INTEGER NOT NULL, facts TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE inventory_changes (
    time INTEGER NOT NULL, node_id TEXT NOT NULL, field TEXT NOT NULL, hostname TEXT NOT NULL, "before" TEXT NOT NULL,
    "after" TEXT NOT NULL, PRIMARY KEY (time, node_id, field)
  ) WITHOUT ROWID;
  `,
  // Why a channel's server took no message, for readers of any language; what is noted so far stays in English.
  'ALTER TABLE alert_messages ADD COLUMN said TEXT',
];

/** Returns the schema's version. Throws `StoreUnavailable` when a newer program has written it. */
function versionOf(db: Database, file: string): number {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (version > MIGRATIONS.length) {
    throw new StoreUnavailable(
      'failed',
      say('stores.newer', { file, version, known: MIGRATIONS.length }),
    );
  }
  return version;
}

/** Migrates the database to this program's version, in one transaction. */
function migrate(db: Database, file: string): void {
  const version = versionOf(db, file);
  if (version === MIGRATIONS.length) return;
  transaction(db, file, () => {
    for (const step of MIGRATIONS.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version=${MIGRATIONS.length}`);
  });
}

/** Checks the version before anything is set: changing the journal mode would already modify the file. */
async function refuseNewer(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const db = await openDatabase(file, true);
  try {
    versionOf(db, file);
  } finally {
    db.close();
  }
}

/**
 * Opens or creates a database of the store's schema, migrating it forward. Throws `StoreUnavailable`, also for a newer
 * program's database, which is left unchanged.
 */
export async function openMigrated(file: string): Promise<Database> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await refuseNewer(file);
  } catch (error) {
    throw storeUnavailable(error, file);
  }
  const db = await openDatabase(file);
  try {
    migrate(db, file);
    return db;
  } catch (error) {
    db.close();
    throw storeUnavailable(error, file);
  }
}
