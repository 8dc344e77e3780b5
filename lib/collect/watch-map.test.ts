import { expect, it } from 'vitest';
import type { MapFacts } from '../domain/inventory';
import type { Tailscale } from '../tailscale/tailscale';
import { HOUR, MINUTE, SECOND } from '../util/time';
import { WatchMap } from './watch-map';

type Watch = {
  onMap: (map: MapFacts) => void;
  signal: AbortSignal;
  end: (isShown: boolean) => Promise<void>;
  fail: (error: Error) => Promise<void>;
};

/** A tailscaled whose map is shown by hand. */
function byHand() {
  const watches: Watch[] = [];
  const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
  const tailscale: Pick<Tailscale, 'watchMap'> = {
    watchMap: (onMap, signal) =>
      new Promise((resolve, reject) => {
        const end = async (isShown: boolean) => {
          resolve(isShown);
          await tick();
        };
        const fail = async (error: Error) => {
          reject(error);
          await tick();
        };
        watches.push({ onMap, signal, end, fail });
      }),
  };
  return { watches, tailscale };
}

it('follows one map at a time, and has what it said last', async () => {
  const { watches, tailscale } = byHand();
  const map = new WatchMap(tailscale, () => 0);
  expect(map.facts().size).toBe(0);
  await map.run();
  await map.run();
  expect(watches).toHaveLength(1);
  watches[0]?.onMap(new Map([['n1', { version: '1' }]]));
  watches[0]?.onMap(new Map([['n1', { version: '2' }]]));
  expect(map.facts().get('n1')).toEqual({ version: '2' });
});

it('reads it anew once it has ended, at most each minute, and keeps it meanwhile', async () => {
  const { watches, tailscale } = byHand();
  let elapsed = 0;
  const map = new WatchMap(tailscale, () => elapsed);
  await map.run();
  watches[0]?.onMap(new Map([['n1', {}]]));
  await watches[0]?.end(true);
  elapsed += 50 * SECOND;
  await map.run();
  expect(watches).toHaveLength(1);
  elapsed += 10 * SECOND;
  await map.run();
  expect(watches).toHaveLength(2);
  expect(map.facts().size).toBe(1);
});

it('asks a tailscaled that does not show it again after an hour', async () => {
  const { watches, tailscale } = byHand();
  let elapsed = 0;
  const map = new WatchMap(tailscale, () => elapsed);
  await map.run();
  await watches[0]?.end(false);
  elapsed += HOUR - MINUTE;
  await map.run();
  expect(watches).toHaveLength(1);
  elapsed += MINUTE;
  await map.run();
  expect(watches).toHaveLength(2);
});

it('says why it failed until it is back', async () => {
  const { watches, tailscale } = byHand();
  let elapsed = 0;
  const map = new WatchMap(tailscale, () => elapsed);
  await map.run();
  await watches[0]?.fail(new Error('gone'));
  await expect(map.run()).rejects.toThrow('gone');
  elapsed += MINUTE;
  await expect(map.run()).rejects.toThrow('gone');
  expect(watches).toHaveLength(2);
  watches[1]?.onMap(new Map());
  await map.run();
});

it('ends for good when it is stopped', async () => {
  const { watches, tailscale } = byHand();
  const map = new WatchMap(tailscale, () => 0);
  await map.run();
  map.stop();
  expect(watches[0]?.signal.aborted).toBe(true);
});
