import type { ProblemResponse } from '@/lib/api/schemas';
import { t } from '@/lib/i18n/t';
import { fetchOwn } from './own-server';

const TIMEOUT_MS = 20_000;

/** Calls an action of the API. Throws an `Error` whose message can be shown. */
export async function send(
  method: 'POST' | 'DELETE',
  path: string,
  body?: Record<string, unknown>,
): Promise<unknown> {
  const response = await fetchOwn(path, TIMEOUT_MS, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const problem: Partial<ProblemResponse> = answer ?? {};
  throw new Error(problem.detail ?? t('ui.serverAnswered', { status: response.status }));
}
