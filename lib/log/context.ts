import { AsyncLocalStorage } from 'node:async_hooks';
import { processWide } from '../util/process-registry';

/** What is known of the request under which something happens. */
export type RequestContext = {
  /** Ours, or the proxy's when it sent one we can take over. */
  requestId: string;
  /** Login or name of who asks; `null` while nobody is proven. */
  user: string | null;
};

const storage = processWide('request', () => new AsyncLocalStorage<RequestContext>());

/** Runs `work`, and all that follows from it, under a request: every line logged there carries its id and user. */
export function underRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The request this runs under; `undefined` in the background. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}
