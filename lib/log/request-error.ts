import { logger } from './log';

const log = logger('pages');

/** Logs an error that prevented a page from being rendered. The error page shows its `digest`. */
export function noteRequestError(error: unknown, request: { path: string; method: string }): void {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : undefined;
  log.error('a page could not be rendered', {
    ...{ error, method: request.method, digest },
    // What follows the path may be anything, and long.
    path: request.path.slice(0, 300),
  });
}
