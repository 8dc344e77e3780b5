import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../util/time';
import { type Open, openedPerTest } from './opened';
import { T0 } from './samples';

/** The requirements of every `PathStore`. */
export function pathsContract(name: string, open: Open<'paths'>): void {
  describe(`${name} as a store of paths`, () => {
    const opened = openedPerTest(open);

    it('makes spans of what is observed, with a hole where nobody looked', async () => {
      const look = (minutes: number, seen: 'direct' | 'relay' | 'idle') =>
        opened.stores.paths.observePaths([
          { nodeId: 'n1', time: T0 + minutes * MINUTE, path: seen },
        ]);
      await look(0, 'direct');
      await look(1, 'direct');
      await look(2, 'relay');
      await look(3, 'relay');
      await look(30, 'relay');
      const spans = await opened.stores.paths.pathSpans(['n1'], { from: T0, to: T0 + DAY });
      expect(
        spans.map(({ from, to, path }) => [(from - T0) / MINUTE, (to - T0) / MINUTE, path]),
      ).toEqual([
        [0, 2, 'direct'],
        [2, 3, 'relay'],
        [30, 30, 'relay'],
      ]);
      expect(await opened.stores.paths.pathSpans(['n2'], { from: T0, to: T0 + DAY })).toEqual([]);
    });

    it('gives the spans that touch a range, of the devices asked for', async () => {
      for (const nodeId of ['n1', 'n2', 'n3']) {
        for (const [minutes, path] of [
          [0, 'direct'],
          [1, 'relay'],
          [2, 'direct'],
          [3, 'relay'],
        ] as const) {
          await opened.stores.paths.observePaths([{ nodeId, time: T0 + minutes * MINUTE, path }]);
        }
      }
      const touched = async (deviceIds: string[] | null, from: number, to: number) => {
        const range = { from: T0 + from * MINUTE, to: T0 + to * MINUTE };
        const spans = await opened.stores.paths.pathSpans(deviceIds, range);
        expect(spans).toEqual(spans.toSorted((a, b) => a.from - b.from));
        return spans.map((span) => `${span.nodeId} ${(span.from - T0) / MINUTE}`).sort();
      };
      expect(await touched(['n1'], 1.5, 1.6)).toEqual(['n1 1']);
      expect(await touched(['n1'], 2, 3)).toEqual(['n1 1', 'n1 2']); // one ends where the other begins
      expect(await touched(['n3', 'n1'], 2.5, 9)).toEqual(['n1 2', 'n1 3', 'n3 2', 'n3 3']);
      expect(await touched(null, 2.5, 3)).toEqual(['n1 2', 'n2 2', 'n3 2']);
      expect(await touched([], 0, 9)).toEqual([]);
    });
  });
}
