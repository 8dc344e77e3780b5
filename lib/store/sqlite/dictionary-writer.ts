import type { HostEndpoint, Visitor } from '../../domain/access';
import { addressKind } from '../../domain/address';
import { MAX_ENDPOINTS, MAX_ENDPOINTS_OF_HOST, MAX_HOSTS, OTHER } from '../../rollup/dictionaries';
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
  /** How many endpoints each host has; undefined: not counted yet. */
  private counts: Map<string, number> | undefined;
  private knownVersion = '';

  constructor(private readonly db: Database) {}

  /** Call after a transaction was rolled back. */
  forget(): void {
    this.visitors.clear();
    this.endpoints.clear();
    this.counts = undefined;
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

  /** What is beyond the bounds gets the number of an `OTHER`. */
  endpoint({ host, endpoint }: HostEndpoint): number {
    const key = `${host ?? ''} ${endpoint}`;
    const existing = this.endpoints.get(key);
    if (existing !== undefined) return existing;
    const id = this.storedOrNew(host ?? '', endpoint);
    this.endpoints.set(key, id);
    return id;
  }

  private storedOrNew(host: string, name: string): number {
    const find = this.db.prepare('SELECT id FROM endpoints WHERE host = ? AND name = ?');
    const row = find.get(host, name);
    if (row) return Number(row.id);
    this.counts ??= this.count();
    const { counts } = this;
    const ofHost = counts.get(host) ?? 0;
    const named = [...counts.keys()].filter((one) => one !== '' && one !== OTHER);
    const isNamed = ofHost > 0 || host === '' || host === OTHER;
    if (!isNamed && named.length >= MAX_HOSTS)
      return this.endpoint({ host: OTHER, endpoint: name });
    const all = [...counts.values()].reduce((a, b) => a + b, 0);
    const isFull = ofHost >= MAX_ENDPOINTS_OF_HOST || all >= MAX_ENDPOINTS;
    if (isFull && name !== OTHER) return this.endpoint({ host: host || null, endpoint: OTHER });
    const add = this.db.prepare('INSERT INTO endpoints (host, name) VALUES (?, ?)');
    counts.set(host, ofHost + 1);
    return Number(add.run(host, name).lastInsertRowid);
  }

  private count(): Map<string, number> {
    const rows = this.db.prepare('SELECT host, COUNT(*) AS n FROM endpoints GROUP BY host').all();
    return new Map(rows.map(({ host, n }) => [String(host), Number(n)]));
  }
}

/** Signals to every reader that names have changed. */
export function bumpVisitors(db: Database): void {
  db.exec(`UPDATE state SET value = CAST(value AS INTEGER) + 1 WHERE key = 'visitors_version'`);
}
