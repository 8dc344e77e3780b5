import { readConfig } from '../config/config';
import { isAppError } from '../domain/errors';
import { provideServices } from '../services';
import { hangDoor } from './door';
import { start } from './start';

/** Starts the instance of this process and ends the process with it: on a signal in good order, on a fault with a line. */
export async function main(): Promise<void> {
  // Before anything else: a request that comes while we start waits at the door.
  const door = hangDoor();
  try {
    const instance = await start(readConfig());
    provideServices(instance.services);
    door.open(instance.gate);
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
