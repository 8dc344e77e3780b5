'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { SECOND } from '@/lib/util/time';

const EVERY_MS = 10 * SECOND;

/** Reloads the page from time to time while it is visible, in case the problem is over. */
export function TryAgainSoon() {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) router.refresh();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [router]);
  return <p data-needs-js>Retrying every {EVERY_MS / 1_000} seconds.</p>;
}
