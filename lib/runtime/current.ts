import { processWide } from '../util/process-registry';
import type { Runtime } from './runtime';

const instance = processWide<{ running: Runtime | null }>('runtime', () => ({ running: null }));

export function setRuntime(runtime: Runtime): void {
  instance.running = runtime;
}

/** The running instance. Throws before it has started. */
export function runtime(): Runtime {
  if (!instance.running) throw new Error('the service is still starting');
  return instance.running;
}
