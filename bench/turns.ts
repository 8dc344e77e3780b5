import { setTimeout as sleep } from 'node:timers/promises';
import { ANALYTICS_CALLS, type Call } from './calls';
import { fetchTimed } from './http';
import type { Product } from './product';

/** Calls of each address before it is the next product's turn, so that other load on the machine affects them all. */
const IN_A_ROW = 10;

/** A call, and how long each product took for it; milliseconds. */
export type Measured = { call: Call; took: number[][] };

/**
 * Sends paused products every analytics call, `rounds` times each after a warm-up turn: one is resumed, given `awakeMs`
 * to catch up, measured, and paused, so that only one runs at a time.
 */
export async function askInTurn(
  products: readonly Product[],
  { rounds, awakeMs }: { rounds: number; awakeMs: number },
): Promise<Measured[]> {
  const measured = ANALYTICS_CALLS.map((call) => ({
    call,
    took: products.map((): number[] => []),
  }));
  for (let done = -IN_A_ROW; done < rounds; done += IN_A_ROW) {
    for (const [i, product] of products.entries()) {
      product.resume();
      await sleep(awakeMs);
      for (const { call, took } of measured) {
        const address = product.url + (await pathOf(call, product.url));
        for (let n = 0; n < IN_A_ROW; n++) {
          const answer = await fetchTimed(address);
          if (done >= 0) took[i]?.push(answer.took);
        }
      }
      product.pause();
    }
  }
  return measured;
}

/** Returns the address; that of the second page, if the call is for it. */
async function pathOf({ path, nextPage }: Call, base: string): Promise<string> {
  if (!nextPage) return path;
  const { body } = await fetchTimed(base + path);
  const { next_cursor }: { next_cursor: string | null } = JSON.parse(body);
  return next_cursor === null ? path : `${path}&cursor=${next_cursor}`;
}
