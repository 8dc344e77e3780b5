'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { SECOND } from '@/lib/util/time';

const EVERY_MS = 10 * SECOND;

/** Loads the page anew from time to time while somebody looks at it: what was in its way may be over. */
export function TryAgainSoon() {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) router.refresh();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [router]);
  return <p data-needs-js>It is tried again every {EVERY_MS / 1_000} seconds.</p>;
}
