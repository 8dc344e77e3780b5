'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { t } from '@/lib/i18n/t';
import { SECOND } from '@/lib/util/time';

const EVERY_MS = 10 * SECOND;

/** Reloads the page from time to time while it is visible, in case what it waits for has come. */
export function TryAgainSoon({ everyMs = EVERY_MS }: { everyMs?: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) router.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [router, everyMs]);
  return <p data-needs-js>{t('ui.retrying', { seconds: everyMs / SECOND })}</p>;
}
