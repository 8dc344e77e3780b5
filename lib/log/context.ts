import { AsyncLocalStorage } from 'node:async_hooks';
import { processWide } from '../util/process-registry';

/** What is known of the request being processed. */
export type RequestContext = {
  /** This service's, or the proxy's if it sent a valid one. */
  requestId: string;
  /** The caller's login or name; `null` until the caller is authenticated. */
  user: string | null;
};

const storage = processWide('request', () => new AsyncLocalStorage<RequestContext>());

/** Runs `work`, and everything that follows from it, within a request: every line logged there has its id and user. */
export function underRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Returns the current request; `undefined` in the background. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}
