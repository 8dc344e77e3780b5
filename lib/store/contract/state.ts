import { describe, expect, it } from 'vitest';
import { type Open, openedPerTest } from './opened';

/** The requirements of every `StateStore`. */
export function stateContract(name: string, open: Open<'state'>): void {
  describe(`${name} as a store of small values`, () => {
    const opened = openedPerTest(open);

    it('keeps the last value of a key, over a restart too', async () => {
      expect(await opened.stores.state.loadState('x')).toBeNull();
      await opened.stores.state.saveState('x', 'y');
      expect(await opened.stores.state.loadState('x')).toBe('y');
      await opened.stores.state.saveState('x', 'z');
      await opened.reopen();
      expect(await opened.stores.state.loadState('x')).toBe('z');
    });
  });
}
