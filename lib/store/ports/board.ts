/** A wish older than this is not fulfilled any more: who had it has gone. */
export const WISH_LIVES_MS = 15 * 60_000;

/** Something a replica wants a collector to do. `at` is its time in nanoseconds, and its name. */
export type Wish = { at: string; wish: unknown };
export type Answer = { value: unknown } | { error: { name: string; message: string } };

/**
 * What collectors and replicas have to say to each other where nothing but the store connects them: the view each
 * collector publishes, and what replicas ask of it. Every call throws `StoreUnavailable`. Adapter: `influx/board.ts`.
 */
export interface Board {
  /** Puts a document in the place of the one before. */
  publish(collector: string, key: string, document: unknown): Promise<void>;
  /** The documents of a key, by collector. */
  read(key: string): Promise<Map<string, unknown>>;
  /** Asks a collector to do something and waits for its answer; throws when none comes. */
  ask(collector: string, wish: unknown): Promise<Answer>;
  /** What has been asked of a collector since `since` (epoch milliseconds). */
  wishes(collector: string, since: number): Promise<Wish[]>;
  answer(collector: string, at: string, answer: Answer): Promise<void>;
}
