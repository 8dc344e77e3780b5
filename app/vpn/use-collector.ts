'use client';

import { useSearchParams } from 'next/navigation';
import { collectorOf } from './view';

/** The collector whose view the page shows, as its address says; `undefined`: all of them. */
export function useCollector(): string | undefined {
  return collectorOf(new URLSearchParams(useSearchParams().toString()));
}
