import { setAtStart } from '../util/process-registry';
import type { Answering } from './handle';
import type { CallName, ResponseOf } from './routes';

type Calls = { [C in CallName]: Answering<ResponseOf<C>> };

const provided = setAtStart<Calls>('calls');

/**
 * Sets the calls that pages load; for `lib/runtime` only. Pages are programs of their own, and each would make every
 * schema of the API again: 5 MB, and the first view would wait for it.
 */
export const provideCalls = provided.provide;

/** Returns the calls of this process. Throws before it has started. */
export const currentCalls = provided.current;
