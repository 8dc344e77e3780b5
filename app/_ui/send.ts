import type { ProblemResponse } from '@/lib/api/schemas';

const TIMEOUT_MS = 20_000;

/** Asks our own API to do something. Throws an `Error` whose message can be shown. */
export async function send(
  method: 'POST' | 'DELETE',
  path: string,
  body?: Record<string, string | number | null>,
): Promise<unknown> {
  const response = await fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body ?? {}),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const problem: Partial<ProblemResponse> = answer ?? {};
  throw new Error(problem.detail ?? `The server answered ${response.status}.`);
}
