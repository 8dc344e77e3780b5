import { describe, expect, it } from 'vitest';
import type { Hit } from '../../domain/access';
import { type Open, openedPerTest } from './opened';
import { ALL, aHit, dayOf, putHits, T0 } from './samples';

/** The requirements of every `VisitorStore`. */
export function visitorsContract(
  name: string,
  open: Open<'accesses' | 'ingest' | 'visitors'>,
): void {
  describe(`${name} as a store of visitors`, () => {
    const opened = openedPerTest(open);
    const put = (hits: Hit[]) => putHits(opened.stores.ingest, hits);

    it('names hits already stored once their visitor is identified', async () => {
      await put([aHit(0)]);
      const [visitor] = await opened.stores.visitors.visitorsToIdentify(
        { unknown: 0, known: 0 },
        10,
      );
      expect(visitor).toMatchObject({ ip: '100.64.0.2', kind: 'tailnet', identity: null });
      await opened.stores.visitors.identify(visitor?.id ?? 0, null, T0);
      expect(
        await opened.stores.visitors.visitorsToIdentify({ unknown: T0, known: T0 }, 10),
      ).toEqual([]);
      const git = { nodeId: '2', device: 'git', user: 'bob@example.com', userName: 'Bob' };
      await opened.stores.visitors.identify(visitor?.id ?? 0, git, T0 + 1);
      const { hits } = await opened.stores.accesses.hits(dayOf(T0), ALL, 1, null);
      expect(hits[0]).toMatchObject({ user: 'bob@example.com', device: 'git' });
      expect(
        await opened.stores.visitors.visitorsToIdentify({ unknown: T0 + 9, known: T0 }, 10),
      ).toEqual([]);
      expect(
        await opened.stores.visitors.visitorsToIdentify({ unknown: 0, known: T0 + 9 }, 10),
      ).toHaveLength(1);
    });

    it('leaves history with the old device when an address changes hands', async () => {
      await put([aHit(0)]);
      const [visitor] = await opened.stores.visitors.visitorsToIdentify(
        { unknown: 0, known: 0 },
        10,
      );
      const was = { nodeId: '2', device: 'old', user: 'ann', userName: 'Ann' };
      await opened.stores.visitors.identify(visitor?.id ?? 0, was, T0);
      await opened.stores.visitors.identify(
        visitor?.id ?? 0,
        { ...was, nodeId: '9', device: 'new' },
        T0 + 1,
      );
      await put([aHit(1)]);
      const { byDevice } = await opened.stores.accesses.usage(dayOf(T0), ALL);
      expect(byDevice.map((d) => [d.device, d.hits])).toEqual([
        ['old', 1],
        ['new', 1],
      ]);
    });
  });
}
