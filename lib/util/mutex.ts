import pLimit from 'p-limit';

/** Runs one task at a time, in the order they were given; resolves with a task's result. */
export type Mutex = <T>(task: () => T | Promise<T>) => Promise<T>;

/** Returns a new mutex. A task that throws rejects its own promise and leaves the queue running. */
export function mutex(): Mutex {
  const limit = pLimit(1);
  return (task) => limit(task);
}

/** Runs one task per key at a time, in the order in which a key's tasks were given. */
export type KeyedMutex<K> = <T>(key: K, task: () => T | Promise<T>) => Promise<T>;

/** Returns a new mutex for each key, which is kept only while it has tasks. */
export function keyedMutex<K>(): KeyedMutex<K> {
  const busy = new Map<K, { inTurn: Mutex; tasks: number }>();
  return async (key, task) => {
    const entry = busy.get(key) ?? { inTurn: mutex(), tasks: 0 };
    busy.set(key, entry);
    entry.tasks++;
    try {
      return await entry.inTurn(task);
    } finally {
      entry.tasks--;
      if (entry.tasks === 0) busy.delete(key);
    }
  };
}
