'use client';

import { useEffect } from 'react';
import { mutate } from 'swr';

/**
 * Listens for events and alerts, and refreshes what they may have changed. Without a stream, polling continues alone.
 */
export function useNews(): void {
  useEffect(() => {
    const source = new EventSource('/health-monitoring/stream');
    const refresh = () =>
      void mutate((key) => typeof key === 'string' && /^\/health-monitoring\/(?!diag)/.test(key));
    source.addEventListener('event', refresh);
    source.addEventListener('alert', refresh);
    return () => source.close();
  }, []);
}
