import type { InventoryChange } from '../../domain/inventory';
import type { InventoryStore } from '../ports/inventory';
import type { SqliteFile } from '../sqlite/file';
import { SqliteInventory, writeInventory } from '../sqlite/inventory';
import { line, nanos, tagKey, text } from './lines';
import type { Spool } from './spool';

/** What is known of devices, in the collector's own database; what changes goes from there to InfluxDB. */
export function sentInventory({
  file,
  spool,
  collector,
}: {
  file: SqliteFile;
  spool: Spool;
  collector: string;
}): InventoryStore {
  const own = new SqliteInventory(file);
  return {
    knownDevices: () => own.knownDevices(),
    inventoryChanges: (range, nodeId, limit) => own.inventoryChanges(range, nodeId, limit),
    noteDevices: async (devices, changes, now) =>
      file.write(() => {
        writeInventory(file.db, devices, changes, now);
        const lines = changes.map((change) => inventoryLine(change, collector));
        if (lines.length > 0) spool.addLines('rollups', lines, Date.now());
      }),
  };
}

/** Returns a change as a point. `change` contains all of it, exactly. */
export function inventoryLine(change: InventoryChange, collector: string): string {
  const { time, nodeId, hostname, field, before, after } = change;
  const tags = { collector, field, hostname, node_id: tagKey(nodeId) };
  const fields = {
    before: text(before),
    after: text(after),
    change: text(JSON.stringify(change)),
  };
  return line('tailscale_inventory', tags, fields, nanos(time));
}
