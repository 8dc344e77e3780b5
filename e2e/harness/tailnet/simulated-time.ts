import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { vi } from 'vitest';

/** Turns of the event loop without a pending request after which nothing more is expected to happen at this time. */
const QUIET_TURNS = 6;

export type SimulatedTime = ReturnType<typeof simulateTime>;

/**
 * Controls timers, `Date` and `performance` of this process, and leaves sockets, threads and disks real: an hour passes
 * as soon as everything in it has happened. Time advances from timer to timer, and never while a request is pending,
 * except those that `hold` says will not be answered.
 */
export function simulateTime(start: number) {
  // Loaded before timers are replaced: a later import would find a clock that stands still.
  vi.useFakeTimers({
    now: start,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  const begin = performance.now();
  let offset = 0;
  const open = new Set<ClientRequest>();
  const held = new Map<string, number>();
  const onStart = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    open.add(request);
    request.once('close', () => {
      open.delete(request);
      const count = held.get(request.path) ?? 0;
      if (count > 1) held.set(request.path, count - 1);
      else held.delete(request.path);
    });
  };
  diagnostics.subscribe('http.client.request.start', onStart);

  const underWay = () => {
    let waiting = 0;
    for (const count of held.values()) waiting += count;
    return open.size - waiting;
  };
  const settle = async () => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      await turn();
      if (underWay() > 0) quiet = 0;
    }
  };
  const elapsed = () => performance.now() - begin;

  return {
    /** Milliseconds since the start, whatever the clock says. */
    elapsed,
    /** Declares that a request to this path will not be answered, so time continues without it. */
    hold(path: string) {
      held.set(path, (held.get(path) ?? 0) + 1);
    },
    /** Shifts the wall clock by `ms`; timers are unaffected. */
    setClockOff(ms: number) {
      offset = ms;
      vi.setSystemTime(start + elapsed() + offset);
    },
    /** Advances to `ms` milliseconds after the start. */
    async until(ms: number) {
      await settle();
      let reached = ms <= elapsed();
      setTimeout(() => {
        reached = true;
      }, ms - elapsed());
      while (!reached) {
        vi.advanceTimersToNextTimer();
        await settle();
      }
    },
    /** Waits in real time for something that threads or disks do, at most 10 s. */
    async waitFor(condition: () => boolean) {
      const end = process.hrtime.bigint() + 10_000_000_000n;
      while (!condition()) {
        if (process.hrtime.bigint() > end) throw new Error('waited for 10 s in vain');
        await turn();
      }
    },
    stop() {
      diagnostics.unsubscribe('http.client.request.start', onStart);
      vi.useRealTimers();
    },
  };
}
