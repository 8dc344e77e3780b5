import pLimit from 'p-limit';

/** Runs one task at a time, in the order they were given; resolves with a task's result. */
export type Mutex = <T>(task: () => T | Promise<T>) => Promise<T>;

/** Returns a new mutex. A task that throws rejects its own promise and leaves the queue running. */
export function mutex(): Mutex {
  const limit = pLimit(1);
  return (task) => limit(task);
}
