import { processWide } from '../util/process-registry';
import type { Answering } from './handle';
import type { CallName, ResponseOf } from './routes';

type Calls = { [C in CallName]: Answering<ResponseOf<C>> };

const provided = processWide<{ calls: Calls | null }>('calls', () => ({ calls: null }));

/**
 * Sets the calls that pages load; for `lib/runtime` only. Pages are programs of their own, and each would make every
 * schema of the API again: 5 MB, and the first view would wait for it.
 */
export function provideCalls(calls: Calls): void {
  provided.calls = calls;
}

/** Returns the calls of this process. Throws before it has started. */
export function currentCalls(): Calls {
  if (!provided.calls) throw new Error('the service is still starting');
  return provided.calls;
}
