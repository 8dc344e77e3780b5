'use client';

import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';

/**
 * One clock for the page: it ticks once a second while the page is visible, and follows the server's time when the
 * reader's clock is off.
 */

let skew = 0;
let tick = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();
const RenderedAt = createContext(0);

/** Sets the clock by the server's time (epoch milliseconds). Small differences are due to the network and ignored. */
export function setServerTime(server: number): void {
  const difference = server - Date.now();
  skew = Math.abs(difference) > 5000 ? difference : 0;
}

/** Returns the time now, corrected by the server's last answer; epoch milliseconds. For events, not for rendering. */
export function serverTime(): number {
  return Date.now() + skew;
}

/** Provides the moment of server rendering, so that the first client render agrees with it. */
export function ClockProvider({ now, children }: { now: number; children: ReactNode }) {
  return <RenderedAt value={now}>{children}</RenderedAt>;
}

/** Returns when the server rendered this page, epoch milliseconds. */
export function useRenderedAt(): number {
  return useContext(RenderedAt);
}

/** Returns what `select` makes of the current time (epoch milliseconds). Renders again only when that value changes. */
export function useClock<T extends string | number | boolean>(select: (now: number) => T): T {
  const renderedAt = useRenderedAt();
  return useSyncExternalStore(
    subscribe,
    () => select(tick),
    () => select(renderedAt),
  );
}

/** False on the server and in the first client render, true afterwards. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(advance, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function advance(): void {
  if (document.hidden) return;
  tick = serverTime();
  for (const listener of listeners) listener();
}
