import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { bundleWorker, type Played, play } from './product';
import type { Scenario } from './scenario';

/** A round of pings every half minute, as the shorter scenarios need. */
export const SHORT_ROUNDS = { CONNECTION_INTERVAL_SECONDS: '30' };

/** Returns a function that plays a scenario, given by its file's name or as an object, and cleans up after the test. */
export function player() {
  let worker: Awaited<ReturnType<typeof bundleWorker>>;
  beforeAll(async () => {
    worker = await bundleWorker();
  });
  afterAll(() => worker.remove());
  return async (
    scenario: string | Scenario,
    settings: Record<string, string> = {},
  ): Promise<Played> => {
    const played = await play(worker.file, scenario, settings);
    onTestFinished(() => played.close());
    return played;
  };
}
