import type { TimeRange } from '../../domain/access';
import type { InventoryChange, KnownFacts } from '../../domain/inventory';

export type KnownDevice = KnownFacts & { nodeId: string };

/** What has changed of each device. */
export interface InventoryHistory {
  /** Returns the changes in a range, newest first, at most `limit`: of one device, or of all with `null`. */
  inventoryChanges(
    range: TimeRange,
    nodeId: string | null,
    limit: number,
  ): Promise<InventoryChange[]>;
}

export interface InventoryStore extends InventoryHistory {
  /** Returns what is known of every device that was noted within the retention of roll-ups. */
  knownDevices(): Promise<KnownDevice[]>;
  /** Notes devices as they are at `now`, together with what has changed of them: all of it, or nothing. */
  noteDevices(
    devices: readonly KnownDevice[],
    changes: readonly InventoryChange[],
    now: number,
  ): Promise<void>;
}
