import type { Visitor } from '../../domain/access';
import { addressKind } from '../../domain/address';
import { MAX_ENDPOINTS, OTHER_ENDPOINT } from '../../rollup/dictionaries';
import { LRUCache } from '../../util/lru';
import type { Database } from './driver';

const MOST_REMEMBERED = 10_000;

/**
 * Numbers visitors and endpoints, adding new ones; use inside a transaction. What was looked up is cached until
 * `forget`.
 */
export class DictionaryWriter {
  private readonly visitors = new LRUCache<string, number>({ max: MOST_REMEMBERED });
  private readonly endpoints = new LRUCache<string, number>({ max: MOST_REMEMBERED });
  private knownVersion = '';

  constructor(private readonly db: Database) {}

  /** Call after a transaction was rolled back. */
  forget(): void {
    this.visitors.clear();
    this.endpoints.clear();
  }

  /** Clears what another thread's connection may have changed: an address may have a new visitor. */
  refresh(): void {
    const row = this.db.prepare(`SELECT value FROM state WHERE key = 'visitors_version'`).get();
    const version = String(row?.value);
    if (version !== this.knownVersion) this.forget();
    this.knownVersion = version;
  }

  /** Clients outside the tailnet share one visitor per kind: the internet has an endless number of addresses. */
  visitor(ip: string): number {
    const existing = this.visitors.get(ip);
    if (existing !== undefined) return existing;
    const kind: Visitor['kind'] = addressKind(ip);
    const key = kind === 'tailnet' ? ip : '';
    const row = this.db
      .prepare('SELECT id FROM visitors WHERE ip = ? AND kind = ? AND current = 1')
      .get(key, kind);
    let id = Number(row?.id ?? 0);
    if (!row) {
      const added = this.db
        .prepare('INSERT INTO visitors (ip, kind, current) VALUES (?, ?, 1)')
        .run(key, kind);
      id = Number(added.lastInsertRowid);
      bumpVisitors(this.db);
    }
    this.visitors.set(ip, id);
    return id;
  }

  /** An endpoint beyond the limit gets the number of `(other)`. */
  endpoint(name: string): number {
    const existing = this.endpoints.get(name);
    if (existing !== undefined) return existing;
    const row = this.db.prepare('SELECT id FROM endpoints WHERE name = ?').get(name);
    let id = Number(row?.id ?? 0);
    if (!row) {
      const count = Number(this.db.prepare('SELECT COUNT(*) AS n FROM endpoints').get()?.n);
      if (count >= MAX_ENDPOINTS && name !== OTHER_ENDPOINT) id = this.endpoint(OTHER_ENDPOINT);
      else {
        const add = this.db.prepare('INSERT INTO endpoints (name) VALUES (?)');
        id = Number(add.run(name).lastInsertRowid);
      }
    }
    this.endpoints.set(name, id);
    return id;
  }
}

/** Signals to every reader that names have changed. */
export function bumpVisitors(db: Database): void {
  db.exec(`UPDATE state SET value = CAST(value AS INTEGER) + 1 WHERE key = 'visitors_version'`);
}
