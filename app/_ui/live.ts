'use client';

import useSWR from 'swr';
import { serverTime, setServerTime } from './clock';

const TIMEOUT_MS = 15_000;
const answered = new Map<string, number>();

/** A resource that is kept fresh. `data` stays on show while the next answer, or another filter's first, is on its way. */
export type Live<T> = {
  data: T | undefined;
  /** The last fetch failed; `data` is what came before it. */
  error: Error | undefined;
  /** `data` belongs to the address asked for before: the answer for this one is on its way, or failed. */
  pending: boolean;
  /** A fetch is under way. */
  busy: boolean;
  refresh: () => void;
};

/** Polls a JSON address of our own API while the page is visible; `null` asks for nothing. `fallback` is what the server rendered: used without asking again, unless it is only `partial`. */
export function useLive<T>(
  path: string | null,
  everyMs: number,
  fallback: T | undefined,
  partial = false,
): Live<T> {
  const { data, error, isValidating, mutate } = useSWR<T, Error>(path, getJson<T>, {
    fallbackData: fallback,
    revalidateOnMount: fallback === undefined || partial,
    refreshInterval: everyMs,
    keepPreviousData: true,
    // Nearly every answer differs, and comparing five thousand devices field by field costs more than rendering them.
    compare: Object.is,
    onErrorRetry: (_error, _key, _config, revalidate, { retryCount }) => {
      setTimeout(() => revalidate({ retryCount }), Math.min(30_000, 3000 * retryCount));
    },
  });
  return {
    data,
    error,
    pending: data !== undefined && fallback === undefined && path !== null && !answered.has(path),
    busy: isValidating,
    refresh: () => void mutate(),
  };
}

/** When `path` last answered, epoch milliseconds by the page's clock; null: not since the page was loaded. */
export function answeredAt(path: string): number | null {
  return answered.get(path) ?? null;
}

/** Asks our own API. It validates what it sends with the schema `T` comes from. A problem answer (RFC 9457) is thrown with its detail as the message. */
export async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const date = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(date)) setServerTime(date);
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) throw new Error(await explain(response, type));
  const body = await response.json();
  answered.set(path, serverTime());
  return body;
}

async function explain(response: Response, type: string): Promise<string> {
  if (type.startsWith('application/problem+json')) {
    const problem: { detail?: string; title?: string } = await response.json();
    return problem.detail ?? problem.title ?? `The server answered ${response.status}.`;
  }
  return `The server answered ${response.status}.`;
}
