'use client';

import { useEffect } from 'react';
import { mutate } from 'swr';

/** Asks again for what the page shows of alerts, connections and events. */
export const refreshMonitoring = () =>
  void mutate((key) => typeof key === 'string' && /^\/health-monitoring\/(?!diag)/.test(key));

/**
 * Listens for events and alerts, and refreshes what they may have changed. Without a stream, polling continues alone.
 */
export function useNews(): void {
  useEffect(() => {
    const source = new EventSource('/health-monitoring/stream');
    source.addEventListener('event', refreshMonitoring);
    source.addEventListener('alert', refreshMonitoring);
    return () => source.close();
  }, []);
}
