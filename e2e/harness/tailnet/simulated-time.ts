import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { vi } from 'vitest';

/** Turns of the event loop without a request under way after which nothing more is expected to happen at this time. */
const QUIET_TURNS = 6;

export type SimulatedTime = ReturnType<typeof simulateTime>;

/**
 * Puts timers, `Date` and `performance` of this process under control, and leaves sockets, threads and disks real: an hour passes
 * as soon as all that happens in it has happened. Time moves from timer to timer, and never while a request is under way,
 * except those that `hold` says are not going to be answered.
 */
export function simulateTime(start: number) {
  // Loaded before timers are replaced: what is imported later must not meet a clock that stands still.
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
    /** A request to this path will not be answered: time goes on without it. */
    hold(path: string) {
      held.set(path, (held.get(path) ?? 0) + 1);
    },
    /** Sets the wall clock off by so much; timers are not. */
    setClockOff(ms: number) {
      offset = ms;
      vi.setSystemTime(start + elapsed() + offset);
    },
    /** Goes on to so many milliseconds after the start. */
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
