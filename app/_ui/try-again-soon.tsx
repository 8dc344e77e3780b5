'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { t } from '@/lib/i18n/t';
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
  return <p data-needs-js>{t('ui.retrying', { seconds: EVERY_MS / SECOND })}</p>;
}
