import type { HostEndpoint } from '../../domain/access';
import { type Dictionaries, dictionariesOf } from '../../rollup/dictionaries';
import type { Database } from './driver';
import { toVisitor, type VisitorRow } from './visitor-row';

/** Reads the dictionaries, again only when they have changed. */
export class DictionaryReader {
  private loaded: { version: string; dictionaries: Dictionaries } | undefined;

  private readonly readVersion;

  constructor(private readonly db: Database) {
    this.readVersion = db.prepare(
      `SELECT (SELECT value FROM state WHERE key = 'visitors_version') || '.' || (SELECT COUNT(*) FROM endpoints) AS version`,
    );
  }

  read(): Dictionaries {
    const version = String(this.readVersion.get()?.version);
    if (this.loaded?.version !== version) {
      this.loaded = { version, dictionaries: this.load(version) };
    }
    return this.loaded.dictionaries;
  }

  private load(version: string): Dictionaries {
    const rows = this.db.prepare('SELECT * FROM visitors ORDER BY id').all() as VisitorRow[];
    return dictionariesOf(version, rows.map(toVisitor), readEndpoints(this.db));
  }
}

/** Returns endpoints by their ids. */
export function readEndpoints(db: Database): (HostEndpoint | undefined)[] {
  const endpoints: (HostEndpoint | undefined)[] = [];
  for (const { id, host, name } of db.prepare('SELECT id, host, name FROM endpoints').all()) {
    endpoints[Number(id)] = { host: String(host) || null, endpoint: String(name) };
  }
  return endpoints;
}
