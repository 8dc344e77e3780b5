import { t } from '@/lib/i18n/t';

/** Fetches an address of this server. Throws an `Error` whose message can be shown when it cannot be reached. */
export async function fetchOwn(
  path: string,
  timeoutMs: number,
  init: RequestInit = {},
): Promise<Response> {
  try {
    return await fetch(path, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    throw new Error(unreachable(error), { cause: error });
  }
}

function unreachable(error: unknown): string {
  const late = error instanceof DOMException && error.name === 'TimeoutError';
  return t(late ? 'ui.serverLate' : 'ui.serverUnreachable');
}
