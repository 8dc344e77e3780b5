import type { HostEndpoint } from '../../../domain/access';
import { readEndpoints } from '../../sqlite/dictionary-reader';
import type { Database } from '../../sqlite/driver';
import { toVisitor, type VisitorRow } from '../../sqlite/visitor-row';
import { addressOf, VisitorKeys } from '../visitor-key';
import { endpointKey, type Numbers } from '../visitor-registry';

/** Numbers visitors and endpoints in an SQLite store; `write` adds the new ones. */
export class SqliteNumbers implements Numbers {
  private readonly visitors = new Map<string, number>();
  private readonly endpoints = new Map<string, number>();
  private added: (() => void)[] = [];

  constructor(private readonly db: Database) {
    const keys = new VisitorKeys();
    for (const row of db.prepare('SELECT * FROM visitors ORDER BY id').all()) {
      const visitor = toVisitor(row as VisitorRow);
      this.visitors.set(keys.next(visitor), visitor.id);
    }
    for (const [id, endpoint] of readEndpoints(db).entries()) {
      if (endpoint) this.endpoints.set(endpointKey(endpoint), id);
    }
  }

  visitor(_collector: string, key: string): number {
    return this.numberOf(this.visitors, key, (id) => {
      this.db
        .prepare(`INSERT INTO visitors (id, ip, kind, current) VALUES (?, ?, 'tailnet', 0)`)
        .run(id, addressOf(key));
    });
  }

  endpoint({ host, endpoint }: HostEndpoint): number {
    return this.numberOf(this.endpoints, endpointKey({ host, endpoint }), (id) => {
      const add = this.db.prepare('INSERT INTO endpoints VALUES (?, ?, ?)');
      add.run(id, host ?? '', endpoint);
    });
  }

  /** Use inside a transaction. */
  write(): void {
    for (const add of this.added) add();
    this.added = [];
  }

  private numberOf(ids: Map<string, number>, name: string, add: (id: number) => void): number {
    const existing = ids.get(name);
    if (existing !== undefined) return existing;
    const id = Math.max(0, ...ids.values()) + 1;
    ids.set(name, id);
    this.added.push(() => add(id));
    return id;
  }
}
