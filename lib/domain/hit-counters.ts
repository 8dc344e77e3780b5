/** Classes of HTTP statuses; `none`: the log does not say, or it is none. */
export const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx', 'none'] as const;
type StatusClass = (typeof STATUS_CLASSES)[number];

/** Returns the number of a status's class in `STATUS_CLASSES`. */
export function statusClassIndex(status: number): number {
  const hundreds = Math.floor(status / 100);
  return hundreds >= 1 && hundreds <= 5 ? hundreds - 1 : STATUS_CLASSES.length - 1;
}

/** The longest response time of each bucket, in milliseconds; longer ones are in one bucket more. */
export const DURATION_BOUNDS_MS = [
  5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000,
] as const;

/** What the accesses of a host add up to. */
export type HostCounters = {
  /** `null`: the log does not name it. */
  host: string | null;
  hits: Record<StatusClass, number>;
  bytes: number;
  /** How many response times there are in each bucket, the last one included. */
  durations: number[];
  /** All response times together. */
  durationMs: number;
};

/** What hits add up to since the store was made; no number ever goes down. */
export type HitCounters = {
  hosts: HostCounters[];
  /** Hits that are no accesses, as in `Usage`. */
  leftOut: { bots: number; loopback: number; nonTailnet: number };
};
