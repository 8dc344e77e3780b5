import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller, Role } from '../domain/caller';
import { Forbidden } from '../domain/errors';
import { say } from '../domain/said';
import { processWide } from '../util/process-registry';

/** Who sent a request, and what they may do. */
export type Admitted = {
  caller: Caller;
  role: Role | null;
  /** What is asked for is everyone's: a badge that is named as public, a signed link. */
  isPublic?: boolean;
  /** The answer, whose status a page may set. */
  response: { statusCode: number };
};

const storage = processWide('caller', () => new AsyncLocalStorage<Admitted>());

/** Runs `work`, and everything that follows from it, on behalf of a caller. */
export function asCaller<T>(admitted: Admitted, work: () => T): T {
  return storage.run(admitted, work);
}

/**
 * Returns who sent the current request. Throws `Forbidden` if it did not pass the gate, so that no mistake lets anyone
 * in.
 */
export function currentCaller(): Admitted {
  const admitted = storage.getStore();
  if (!admitted) throw new Forbidden(say('refusals.notAdmitted'));
  return admitted;
}

/**
 * Gives the page that is being rendered the status 404. Next's own `notFound()` sends a page that is empty without
 * JavaScript.
 */
export function answerNotFound(): void {
  currentCaller().response.statusCode = 404;
}

/** Throws `Forbidden` unless the caller has the role; an admin has both. */
export function requireRole(needed: Role): Admitted {
  const admitted = currentCaller();
  if (admitted.role === 'admin' || admitted.role === needed) return admitted;
  throw new Forbidden(
    needed === 'admin' ? say('refusals.adminsOnly') : say('refusals.viewersOnly'),
  );
}
