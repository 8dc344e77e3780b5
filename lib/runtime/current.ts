import type { Runtime } from './runtime';

/**
 * Where the running instance is found. Next gives instrumentation, pages and route handlers separate copies of every
 * module, so only `globalThis` is common ground.
 */
const KEY: unique symbol = Symbol.for('tailnet-observatory.runtime');
const place = globalThis as typeof globalThis & { [KEY]?: Runtime };

export function setRuntime(runtime: Runtime): void {
  place[KEY] = runtime;
}

/** The running instance. Throws before it has started. */
export function runtime(): Runtime {
  const running = place[KEY];
  if (!running) throw new Error('the service is still starting');
  return running;
}
