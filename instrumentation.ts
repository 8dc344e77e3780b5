import type { Instrumentation } from 'next';

/** Next calls this once, as it starts, in every runtime; the collectors live in Node's. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { main } = await import('./lib/runtime/main');
  await main();
}

/** Next tells of every page that failed; it belongs into our log, where it can be found by what the page shows. */
export const onRequestError: Instrumentation.onRequestError = async (error, request) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { noteRequestError } = await import('./lib/log/request-error');
  noteRequestError(error, request);
};
