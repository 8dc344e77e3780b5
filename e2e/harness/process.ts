import type { ChildProcess } from 'node:child_process';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Returns a free port on loopback. Another process may take it before the caller does. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Polls until `check` gives something other than undefined, false or null; throws `failure()` when time is up. */
export async function until<T>(
  check: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  timeoutMs: number,
  failure: () => string,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() >= end) throw new Error(failure());
    await sleep(50);
  }
}

/** Resolves with the exit code, or null when a signal ended it; at once when it has ended already. */
async function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => child.once('exit', resolve));
  }
  await lastWords(child);
  return child.exitCode;
}

/**
 * Waits until everything that an ended process has written is read, which may be after its end is known; two seconds at
 * most, since a process that it left behind may keep its output open.
 */
export async function lastWords({ stdout, stderr }: ChildProcess): Promise<void> {
  const isOpen = () => [stdout, stderr].some((stream) => stream && !stream.closed);
  for (const end = Date.now() + 2_000; isOpen() && Date.now() < end; ) await sleep(10);
}

/** Sends a signal and waits; a process that is still running after `patienceMs` is killed. */
export async function end(
  child: ChildProcess,
  signal: NodeJS.Signals,
  patienceMs = 15_000,
): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  const impatient = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  try {
    return await exited(child);
  } finally {
    clearTimeout(impatient);
  }
}

/** Collects the output of a stream, keeping the newest `limit` characters. */
export function collect(stream: NodeJS.ReadableStream, limit = 1_000_000): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-limit);
  });
  return () => text;
}
