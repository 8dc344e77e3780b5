import { provideCalls } from '../api/provided-calls';
import { isAppError } from '../domain/errors';
import { provideServices } from '../services';
import { opening } from './opening';

/**
 * Runs this process's instance, and ends the process with it: cleanly on a signal, with an error message on a fault.
 */
export async function main(): Promise<void> {
  try {
    // Loaded here: if a package failed to load, Next would continue without the instance, and every request would wait.
    const { readConfig, routes, serveCall, start } = await import('./service');
    const instance = await start(readConfig());
    provideServices(instance.services);
    provideCalls(routes);
    opening.open({
      // Calls of the API are answered behind the gate, before Next.
      pass: (request, response, next) =>
        instance.gate.pass(request, response, () => serveCall(request, response) || next()),
    });
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

/** Prints one line for what the user can fix, a stack for a bug, and exits. */
function fail(error: unknown): never {
  const plain = isAppError(error) && error.userFacing;
  const text = error instanceof Error ? (plain ? error.message : error.stack) : String(error);
  process.stderr.write(`tailnet-observatory: ${text}\n`);
  process.exit(1);
}
