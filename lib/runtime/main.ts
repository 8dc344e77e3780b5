import { readConfig } from '../config/config';
import { isAppError } from '../domain/errors';
import { provideServices } from '../services';
import { opening } from './gated-server';

/** Starts the instance of this process and ends the process with it: on a signal in good order, on a fault with a line. */
export async function main(): Promise<void> {
  try {
    // Loaded here, since Next would go on without us, and every request wait, if a package did not load.
    const { start } = await import('./start');
    const instance = await start(readConfig());
    provideServices(instance.services);
    opening.open(instance.gate);
    let stopping = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (stopping) return;
        stopping = true;
        instance.stop().then(
          () => process.exit(0),
          (error: unknown) => fail(error),
        );
      });
    }
  } catch (error) {
    fail(error);
  }
}

/** One line for what the user can mend, a stack for what only we can. */
function fail(error: unknown): never {
  const plain = isAppError(error) && error.userFacing;
  const text = error instanceof Error ? (plain ? error.message : error.stack) : String(error);
  process.stderr.write(`tailnet-observatory: ${text}\n`);
  process.exit(1);
}
