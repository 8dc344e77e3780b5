import type { TimeRange } from '../../domain/access';
import { EVENT_KINDS, type StoredEvent, type TailnetEvent } from '../../domain/event';
import { matchCursor } from '../ports/cursor';
import type { EventFilter, EventPage, EventStore } from '../ports/events';
import type { Database } from './driver';
import type { SqliteFile } from './file';
import { textOrNull } from './values';

/** Stores what changed in the tailnet. */
export class SqliteEvents implements EventStore {
  constructor(private readonly file: SqliteFile) {}

  async addEvents(events: readonly TailnetEvent[]): Promise<StoredEvent[]> {
    return this.file.write(() => writeEvents(this.file.db, events));
  }

  async events(
    { from, to }: TimeRange,
    { kind, nodeId }: EventFilter,
    limit: number,
    cursor: string | null,
  ): Promise<EventPage> {
    const before = cursor === null ? null : Number(matchCursor(cursor, /^\d{1,15}$/)[0]);
    const rows = this.file.db
      .prepare(
        `SELECT * FROM events WHERE time >= ?1 AND time < ?2 AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR node_id = ?4)
         AND (?5 IS NULL OR id < ?5) ORDER BY id DESC LIMIT ?6`,
      )
      .all(from, to, kind ?? null, nodeId ?? null, before, limit + 1);
    const page = rows.slice(0, limit).map(eventOf);
    const last = page.at(-1);
    return { events: page, nextCursor: rows.length > limit && last ? String(last.id) : null };
  }
}

/** Writes events and returns them with their numbers; use inside a transaction. */
export function writeEvents(db: Database, events: readonly TailnetEvent[]): StoredEvent[] {
  const add = db.prepare(
    'INSERT INTO events (time, kind, node_id, hostname, "before", "after") VALUES (?, ?, ?, ?, ?, ?)',
  );
  return events.map((event) => {
    const { time, kind, nodeId, hostname, before, after } = event;
    const { lastInsertRowid } = add.run(time, kind, nodeId, hostname, before, after);
    return { ...event, id: Number(lastInsertRowid) };
  });
}

/** Converts a row of `events` into an event. */
export function eventOf(row: Record<string, unknown>): StoredEvent {
  return {
    id: Number(row.id),
    time: Number(row.time),
    kind: EVENT_KINDS.find((known) => known === row.kind) ?? 'tailscaled_health',
    nodeId: textOrNull(row.node_id),
    hostname: textOrNull(row.hostname),
    before: textOrNull(row.before),
    after: textOrNull(row.after),
  };
}
