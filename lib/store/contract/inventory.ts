import { describe, expect, it } from 'vitest';
import type { InventoryChange } from '../../domain/inventory';
import { DAY, HOUR } from '../../util/time';
import type { Stores } from '../ports/stores';
import { type Open, openedPerTest } from './opened';
import { T0 } from './samples';

const NAS = { nodeId: 'n1', firstSeen: T0, facts: { name: 'nas', version: '1.100.2' } };
const GIT = { nodeId: 'n2', firstSeen: T0 + 1, facts: { name: 'git', os: 'linux', tags: '' } };

const aChange = (time: number, more: Partial<InventoryChange> = {}): InventoryChange => ({
  ...{ time, nodeId: 'n1', hostname: 'nas', field: 'version', before: '1.98', after: '1.100.2' },
  ...more,
});

/** The requirements of every `InventoryStore`. */
export function inventoryContract(name: string, open: Open<keyof Stores>): void {
  describe(`${name} as a store of the inventory`, () => {
    const opened = openedPerTest(open);
    const all = { from: T0 - DAY, to: T0 + DAY };
    const byId = (a: { nodeId: string }, b: { nodeId: string }) => (a.nodeId < b.nodeId ? -1 : 1);

    it('has every device as it was noted last, over a restart', async () => {
      expect(await opened.stores.inventory.knownDevices()).toEqual([]);
      await opened.stores.inventory.noteDevices([NAS, GIT], [], T0);
      const newer = { ...NAS, facts: { ...NAS.facts, version: '1.102.5' } };
      await opened.stores.inventory.noteDevices([newer], [], T0 + HOUR);
      await opened.reopen();
      expect((await opened.stores.inventory.knownDevices()).sort(byId)).toEqual([newer, GIT]);
    });

    it('gives changes newest first, of one device or all, as many as are asked for', async () => {
      const changes = [
        aChange(T0),
        aChange(T0 + 1, { field: 'tags', before: '', after: 'tag:a, tag:b' }),
        aChange(T0 + 2, { nodeId: 'n2', hostname: 'git "x"\\', field: 'os' }),
        aChange(T0 + DAY),
      ];
      await opened.stores.inventory.noteDevices([NAS], changes, T0);
      const { inventory } = opened.stores;
      const [first, second, third] = changes;
      expect(await inventory.inventoryChanges(all, null, 9)).toEqual([third, second, first]);
      expect(await inventory.inventoryChanges(all, 'n1', 9)).toEqual([second, first]);
      expect(await inventory.inventoryChanges(all, null, 1)).toEqual([third]);
      expect(await inventory.inventoryChanges({ from: T0 + 1, to: T0 + 2 }, null, 9)).toEqual([
        second,
      ]);
    });

    it('forgets devices that were not noted for longer than roll-ups are kept', async () => {
      const { inventory, maintenance } = opened.stores;
      await inventory.noteDevices([NAS], [], T0);
      await inventory.noteDevices([GIT], [], T0 + 5 * DAY);
      await maintenance.prune(T0 + 20 * DAY, { rawDays: 1, rollupDays: 18 });
      expect(await inventory.knownDevices()).toEqual([GIT]);
    });
  });
}
