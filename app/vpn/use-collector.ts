'use client';

import { useSearchParams } from 'next/navigation';
import { collectorOf } from './view';

/** Returns the collector named in the page's address; `undefined`: all of them. */
export function useCollector(): string | undefined {
  return collectorOf(new URLSearchParams(useSearchParams().toString()));
}
