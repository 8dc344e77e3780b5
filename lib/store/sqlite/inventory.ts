import * as z from 'zod';
import type { TimeRange } from '../../domain/access';
import {
  INVENTORY_FIELDS,
  type InventoryChange,
  type InventoryField,
} from '../../domain/inventory';
import type { InventoryStore, KnownDevice } from '../ports/inventory';
import type { Database } from './driver';
import type { SqliteFile } from './file';

/** Fields of another version are left out. */
const factsSchema = z.record(z.string(), z.string()).transform((facts) =>
  Object.fromEntries(
    INVENTORY_FIELDS.flatMap((field) => {
      const words = facts[field];
      return words === undefined ? [] : [[field, words]];
    }),
  ),
);

/** Stores what is known of each device, and what has changed of it. */
export class SqliteInventory implements InventoryStore {
  constructor(private readonly file: SqliteFile) {}

  async knownDevices(): Promise<KnownDevice[]> {
    return this.file.db
      .prepare('SELECT * FROM inventory_devices')
      .all()
      .map(({ node_id, first_seen, facts }) => ({
        nodeId: String(node_id),
        firstSeen: Number(first_seen),
        facts: factsSchema.parse(JSON.parse(String(facts))),
      }));
  }

  async noteDevices(
    devices: readonly KnownDevice[],
    changes: readonly InventoryChange[],
    now: number,
  ): Promise<void> {
    this.file.write(() => writeInventory(this.file.db, devices, changes, now));
  }

  async inventoryChanges(
    { from, to }: TimeRange,
    nodeId: string | null,
    limit: number,
  ): Promise<InventoryChange[]> {
    return this.file.db
      .prepare(
        `SELECT * FROM inventory_changes WHERE time >= ?1 AND time < ?2 AND (?3 IS NULL OR node_id = ?3)
           ORDER BY time DESC, node_id, field LIMIT ?4`,
      )
      .all(from, to, nodeId, limit)
      .map(inventoryChangeOf);
  }
}

/** Writes devices and their changes; use inside a transaction. */
export function writeInventory(
  db: Database,
  devices: readonly KnownDevice[],
  changes: readonly InventoryChange[],
  now: number,
): void {
  const note = db.prepare('INSERT OR REPLACE INTO inventory_devices VALUES (?, ?, ?, ?)');
  for (const { nodeId, firstSeen, facts } of devices) {
    note.run(nodeId, firstSeen, now, JSON.stringify(facts));
  }
  const add = db.prepare('INSERT OR REPLACE INTO inventory_changes VALUES (?, ?, ?, ?, ?, ?)');
  for (const { time, nodeId, field, hostname, before, after } of changes) {
    add.run(time, nodeId, field, hostname, before, after);
  }
}

/** Converts a row of `inventory_changes`. */
export function inventoryChangeOf(row: Record<string, unknown>): InventoryChange {
  return {
    time: Number(row.time),
    nodeId: String(row.node_id),
    hostname: String(row.hostname),
    field: fieldOf(row.field),
    before: String(row.before),
    after: String(row.after),
  };
}

const fieldOf = (word: unknown): InventoryField =>
  INVENTORY_FIELDS.find((known) => known === word) ?? 'name';
