'use client';

import { useEffect } from 'react';
import { mutate } from 'swr';

/** Listens for events and alerts as they happen, and fetches again what they may have changed. Where there is no stream, polling goes on alone. */
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
