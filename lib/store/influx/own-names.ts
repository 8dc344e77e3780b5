import type { HostEndpoint, Visitor } from '../../domain/access';
import { visitorNames } from '../../domain/visitor';
import { readEndpoints } from '../sqlite/dictionary-reader';
import type { Database } from '../sqlite/driver';
import { toVisitor, type VisitorRow } from '../sqlite/visitor-row';
import { tag } from './lines';
import type { NamesDocument } from './names-document';
import { VisitorKeys } from './visitor-key';

/** In the collector's own database: the time zone whose days its roll-ups follow. */
export const TIME_ZONE = 'rollups_time_zone';

/** A visitor as points name it: `user` and `device` are valid tag values. */
export type NamedVisitor = { visitor: Visitor; key: string; user: string; device: string };

/** The visitors and endpoints in a collector's own database, as published in InfluxDB. */
export class OwnNames {
  constructor(private readonly db: Database) {}

  /** Changes whenever the document does. */
  version(): string {
    const row = this.db
      .prepare(
        `SELECT (SELECT value FROM state WHERE key = 'visitors_version') || '.' || (SELECT COUNT(*) FROM endpoints)
         || '.' || COALESCE((SELECT value FROM state WHERE key = 'raw_from'), '') || '.' ||
         COALESCE((SELECT value FROM state WHERE key = 'rollups_from'), '') || '.' ||
         COALESCE((SELECT value FROM state WHERE key = '${TIME_ZONE}'), '') AS version`,
      )
      .get();
    return String(row?.version);
  }

  document(version: string): NamesDocument {
    const endpoints = this.endpoints().filter((one) => one !== undefined);
    return {
      version,
      rawFrom: this.state('raw_from'),
      rollupsFrom: this.state('rollups_from'),
      timeZone: this.text(TIME_ZONE),
      visitors: [...this.visitors().values()].map(({ key, visitor }) => [
        key,
        visitor.kind,
        visitor.ip,
        visitor.identity,
      ]),
      endpoints: endpoints.map(({ endpoint }) => endpoint),
      hosts: endpoints.map(({ host }) => host),
    };
  }

  /** By id. */
  visitors(): ReadonlyMap<number, NamedVisitor> {
    const rows = this.db.prepare('SELECT * FROM visitors ORDER BY id').all() as VisitorRow[];
    const keys = new VisitorKeys();
    return new Map(
      rows.map((row) => {
        const visitor = toVisitor(row);
        const { user, device } = visitorNames(visitor);
        // An address is not a device: a log can be made to hold any number of them.
        const label = visitor.kind === 'tailnet' && !visitor.identity ? 'unknown' : device;
        return [row.id, { visitor, key: keys.next(visitor), user: tag(user), device: tag(label) }];
      }),
    );
  }

  /** Returns ids of the visitors that whois has not been asked about. */
  unasked(): Set<number> {
    const rows = this.db
      .prepare(
        `SELECT id FROM visitors WHERE current = 1 AND kind = 'tailnet' AND checked_at IS NULL`,
      )
      .all();
    return new Set(rows.map(({ id }) => Number(id)));
  }

  /** By id; a number that was never assigned is a gap. */
  endpoints(): (HostEndpoint | undefined)[] {
    return readEndpoints(this.db);
  }

  private state(key: string): number {
    return Number(this.text(key) ?? 0);
  }

  private text(key: string): string | undefined {
    const value = this.db.prepare('SELECT value FROM state WHERE key = ?').get(key)?.value;
    return value == null ? undefined : String(value);
  }
}
