import { describe, expect, it } from 'vitest';
import { BadCursor } from '../../domain/errors';
import { DAY } from '../../util/time';
import { type Open, openedPerTest } from './opened';
import { T0 } from './samples';

/** The requirements of every `EventStore`. */
export function eventsContract(name: string, open: Open<'events'>): void {
  describe(`${name} as a store of events`, () => {
    const opened = openedPerTest(open);

    it('lists events newest first, by kind and device, in pages', async () => {
      const stored = await opened.stores.events.addEvents([
        { time: T0, kind: 'node_added', nodeId: 'n1', hostname: 'git', before: null, after: 'git' },
        {
          time: T0 + 1,
          kind: 'path_changed',
          nodeId: 'n1',
          hostname: 'git',
          before: 'direct',
          after: 'relay',
        },
        {
          time: T0 + 2,
          kind: 'node_offline',
          nodeId: 'n2',
          hostname: 'dev',
          before: 'online',
          after: 'offline',
        },
      ]);
      const range = { from: T0, to: T0 + DAY };
      const all = await opened.stores.events.events(range, {}, 2, null);
      expect(all.events).toEqual([stored[2], stored[1]]);
      const rest = await opened.stores.events.events(range, {}, 2, all.nextCursor);
      expect(rest).toEqual({ events: [stored[0]], nextCursor: null });
      const kinds = await opened.stores.events.events(range, { kind: 'path_changed' }, 9, null);
      expect(kinds.events).toEqual([stored[1]]);
      expect((await opened.stores.events.events(range, { nodeId: 'n2' }, 9, null)).events).toEqual([
        stored[2],
      ]);
      await expect(opened.stores.events.events(range, {}, 9, "1'")).rejects.toThrow(BadCursor);
    });
  });
}
