'use client';

import { useEffect } from 'react';

/** Has the browser keep the page that it shows while the server cannot be reached. Needs HTTPS, or localhost. */
export function OfflinePage() {
  useEffect(() => {
    // Without it nothing is missing but that page.
    navigator.serviceWorker?.register('/sw.js').catch(() => {});
  }, []);
  return null;
}
