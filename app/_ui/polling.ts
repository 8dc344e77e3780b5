'use client';

import useSWR from 'swr';
import type { Resource } from '@/lib/calls/call';
import { t } from '@/lib/i18n/t';
import { SECOND } from '@/lib/util/time';
import { serverTime, setServerTime } from './clock';
import { fetchOwn } from './own-server';

const TIMEOUT_MS = 15 * SECOND;

/** A resource that is kept up to date. `data` stays while the next answer, or another view's first, is on its way. */
export type Polled<T> = {
  data: T | undefined;
  /** Why the last fetch failed; `data` is from before it. */
  error: Error | undefined;
  /** Whether `data` belongs to the previous address: the answer for this one is on its way, or failed. */
  pending: boolean;
  /** Whether a fetch is under way. */
  busy: boolean;
  /** When `data` came from this address, epoch milliseconds by the page's clock; `null`: it came with the page. */
  answeredAt: number | null;
  refresh: () => void;
};

/** The answer of an address. */
type Answer<T> = { path: string; at: number | null; body: T };

/**
 * Polls a resource while the page is visible; `null` fetches nothing. `loaded` is what the server rendered, perhaps for
 * another view: it is used without fetching again if it is complete and has the same address.
 */
export function usePolling<T>(
  resource: Resource<T> | null,
  everyMs: number,
  loaded: Resource<T> | null | undefined = resource,
): Polled<T> {
  const path = resource?.path ?? null;
  const rendered = loaded?.path === path ? loaded : null;
  const initial = rendered?.initial;
  const {
    data: answer,
    error,
    isValidating,
    mutate,
  } = useSWR<Answer<T>, Error>(path, fetchAnswer<T>, {
    fallbackData:
      path === null || initial === undefined ? undefined : { path, at: null, body: initial },
    revalidateOnMount: initial === undefined || rendered?.partial === true,
    refreshInterval: everyMs,
    keepPreviousData: true,
    // Nearly every answer differs, and comparing 5,000 devices field by field costs more than rendering them.
    compare: Object.is,
    onErrorRetry: (_error, _key, _config, revalidate, { retryCount }) => {
      setTimeout(() => revalidate({ retryCount }), Math.min(30_000, 3000 * retryCount));
    },
  });
  const isOfThis = answer?.path === path;
  return {
    data: answer?.body,
    error,
    pending: answer !== undefined && path !== null && !isOfThis,
    busy: isValidating,
    answeredAt: isOfThis ? (answer?.at ?? null) : null,
    refresh: () => void mutate(),
  };
}

/**
 * Fetches a resource of the API once; the server validates it with the schema of `T`. Throws the detail of a problem
 * response (RFC 9457).
 */
export async function ask<T>({ path }: Resource<T>): Promise<T> {
  return (await fetchAnswer<T>(path)).body;
}

async function fetchAnswer<T>(path: string): Promise<Answer<T>> {
  const response = await fetchOwn(path, TIMEOUT_MS, { headers: { accept: 'application/json' } });
  const date = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(date)) setServerTime(date);
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) throw new Error(await explain(response, type));
  const body = await response.json();
  return { path, at: serverTime(), body };
}

async function explain(response: Response, type: string): Promise<string> {
  if (type.startsWith('application/problem+json')) {
    const problem: { detail?: string; title?: string } = await response.json();
    return problem.detail ?? problem.title ?? t('ui.serverAnswered', { status: response.status });
  }
  return t('ui.serverAnswered', { status: response.status });
}
