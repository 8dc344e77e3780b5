import { factsOf, type InventoryChange, type InventoryField } from '../domain/inventory';
import type { Database } from '../store/sqlite/driver';
import { writeInventory } from '../store/sqlite/inventory';
import { demoStatus } from '../tailscale/demo';
import { demoMap } from '../tailscale/demo-map';
import { DAY, HOUR } from '../util/time';

/** What has changed, how many days ago: updates, a tag, a route offered, a key, a move. */
const CHANGES: readonly [days: number, host: string, field: InventoryField, before: string][] = [
  [1, 'greenhouse-pi', 'routes_offered', ''],
  [2, 'alice-laptop', 'version', '1.102.4'],
  [3, 'alice-laptop', 'os_version', '26.0.1'],
  [4, 'git', 'version', '1.100.2'],
  [5, 'ci-runner', 'container', 'no'],
  [6, 'chocolate-factory', 'version', '1.100.2'],
  [9, 'bob-laptop', 'key', '3a61f00c27d4'],
  [13, 'chocolate-factory-dev', 'tags', 'tag:server'],
  [17, 'alice-phone', 'os_version', '26.0'],
  [22, 'studio-archive', 'home_region', 'par'],
  [26, 'greenhouse-pi', 'version', '1.98.3'],
];

/** Writes what was known of the demo tailnet until now, and what has changed; use inside a transaction. */
export function writeInventoryOfDemo(db: Database, from: number, now: number): InventoryChange[] {
  const map = demoMap();
  const known = demoStatus(now).devices.map((device) => ({
    nodeId: device.id,
    hostname: device.name,
    firstSeen: from,
    facts: factsOf(device, map.get(device.id)),
  }));
  const changes = CHANGES.flatMap(([days, host, field, before]): InventoryChange[] => {
    const device = known.find(({ hostname }) => hostname === host);
    const after = device?.facts[field];
    if (!device || after === undefined) return [];
    const time = Math.floor(now / DAY - days) * DAY + 9 * HOUR;
    return [{ time, nodeId: device.nodeId, hostname: host, field, before, after }];
  });
  writeInventory(db, known, changes, now);
  return changes;
}
