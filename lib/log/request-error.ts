import { logger } from './log';

const log = logger('pages');

/** Notes what kept a page from being rendered. `digest` is what the error page shows of it. */
export function noteRequestError(error: unknown, request: { path: string; method: string }): void {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : undefined;
  log.error('a page could not be rendered', {
    ...{ error, method: request.method, digest },
    // What follows the path may be anything, and long.
    path: request.path.slice(0, 300),
  });
}
