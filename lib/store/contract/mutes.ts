import { describe, expect, it } from 'vitest';
import { type Open, openedPerTest } from './opened';
import { T0 } from './samples';

/** The requirements of every `MuteStore`. */
export function mutesContract(name: string, open: Open<'mutes'>): void {
  describe(`${name} as a store of mutes`, () => {
    const opened = openedPerTest(open);

    it('keeps a mute from one time to the other, and ends or calls it off at will', async () => {
      const { mutes } = opened.stores;
      const by = { reason: 'work', by: 'bob', nodeId: null };
      const now = await mutes.addMute({ topic: 'a', from: T0, until: T0 + 100, ...by });
      const later = await mutes.addMute({ topic: null, from: T0 + 500, until: T0 + 600, ...by });
      expect(await mutes.mutes(T0 + 50)).toEqual([now, later]);
      expect(await mutes.mutes(T0 + 100)).toEqual([later]);
      expect(await mutes.endMute(later.id, T0 + 100)).toBe(true);
      expect(await mutes.endMute(later.id, T0 + 100)).toBe(false);
      expect(await mutes.mutes(T0 + 100)).toEqual([]);
    });
  });
}
