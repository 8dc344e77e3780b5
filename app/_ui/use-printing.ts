'use client';

import { useSyncExternalStore } from 'react';

/** Returns whether the page is being printed. A canvas keeps its size in pixels, so charts print as SVG. */
export function usePrinting(): boolean {
  return useSyncExternalStore(
    onChange,
    () => matchMedia('print').matches,
    () => false,
  );
}

function onChange(changed: () => void): () => void {
  const query = matchMedia('print');
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
