import type { Call, Loaded } from '../calls/call';
import { requireRole } from '../identity/current';
import { currentServices } from '../services';
import { currentCalls } from './provided-calls';
import type { CallName, ResponseOf } from './routes';

/** The longest that a page waits for a collector that has just stopped answering. */
const PAGE_WAITS_MS = 450;

/**
 * Loads a call for the first paint of a page, by running what a GET of its URL would run, so that polling asks for the
 * same. Throws what the route throws, and `Forbidden` when the caller lacks the role.
 */
export async function load<C extends CallName>(call: Call<C>): Promise<Loaded<ResponseOf<C>>> {
  const route = currentCalls()[call.name];
  requireRole(route.needs ?? 'viewer');
  const url = new URL(call.path, 'http://localhost');
  const initial = await route.answer(currentServices(), url, call.parameters, PAGE_WAITS_MS);
  return { path: call.path, initial };
}
