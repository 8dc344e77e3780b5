import type { Visitor } from '../domain/access';
import { visitorNames } from '../domain/visitor';
import type { Database } from '../store/sqlite/driver';

/** Everything at or past this many distinct endpoints is counted under `OTHER_ENDPOINT`. */
export const MAX_ENDPOINTS = 1_000;
export const OTHER_ENDPOINT = '(other)';

export type VisitorRow = {
  id: number;
  ip: string;
  kind: string;
  node_id: string | null;
  device: string | null;
  user: string | null;
  user_name: string | null;
};

export function toVisitor(row: VisitorRow): Visitor {
  const { id, ip, node_id, device, user, user_name } = row;
  const kind = row.kind === 'tailnet' || row.kind === 'loopback' ? row.kind : 'other';
  const known = node_id !== null && device !== null && user !== null;
  return {
    id,
    ip,
    kind,
    identity: known ? { nodeId: node_id, device, user, userName: user_name ?? user } : null,
  };
}

/** Who and what the numbers in cells and blocks stand for. Lists are by number; users and devices are numbered here. */
export type Dictionaries = {
  /** Another one when anything below has changed. */
  version: string;
  /** By visitor id. */
  user: Uint32Array;
  device: Uint32Array;
  kind: Visitor['kind'][];
  ip: string[];
  users: { user: string; userName: string }[];
  devices: { device: string; user: string }[];
  /** By endpoint id. */
  endpoints: string[];
  /** By visitor id, where several collectors write to one store. */
  collector?: string[];
};

/** Numbers users and devices in the order of their visitors; a visitor without a number leaves a gap. */
export function dictionariesOf(
  version: string,
  visitors: readonly Visitor[],
  endpoints: string[],
): Dictionaries {
  const last = visitors.at(-1)?.id ?? 0;
  const user = new Uint32Array(last + 1);
  const device = new Uint32Array(last + 1);
  const kind: Visitor['kind'][] = [];
  const ip: string[] = [];
  const users = new Map<string, { index: number; user: string; userName: string }>();
  const devices = new Map<string, { index: number; device: string; user: string }>();
  for (const visitor of visitors) {
    const { id } = visitor;
    const names = visitorNames(visitor);
    const known = users.get(names.user);
    user[id] = known?.index ?? users.size;
    if (!known) users.set(names.user, { index: users.size, ...names });
    device[id] = devices.get(names.device)?.index ?? devices.size;
    if (!devices.has(names.device)) devices.set(names.device, { index: devices.size, ...names });
    kind[id] = visitor.kind;
    ip[id] = visitor.ip;
  }
  return {
    version,
    user,
    device,
    kind,
    ip,
    users: [...users.values()].map(({ user, userName }) => ({ user, userName })),
    devices: [...devices.values()].map(({ device, user }) => ({ device, user })),
    endpoints,
  };
}

/** Reads the dictionaries, again only when they have changed. */
export class DictionaryReader {
  private loaded: { version: string; dictionaries: Dictionaries } | undefined;

  constructor(private readonly db: Database) {}

  read(): Dictionaries {
    const row = this.db
      .prepare(
        `SELECT (SELECT value FROM state WHERE key = 'visitors_version') || '.' || (SELECT COUNT(*) FROM endpoints) AS version`,
      )
      .get();
    const version = String(row?.version);
    if (this.loaded?.version !== version) {
      this.loaded = { version, dictionaries: this.load(version) };
    }
    return this.loaded.dictionaries;
  }

  private load(version: string): Dictionaries {
    const rows = this.db.prepare('SELECT * FROM visitors ORDER BY id').all() as VisitorRow[];
    const endpoints: string[] = [];
    for (const row of this.db.prepare('SELECT id, name FROM endpoints').all()) {
      endpoints[Number(row.id)] = String(row.name);
    }
    return dictionariesOf(version, rows.map(toVisitor), endpoints);
  }
}
