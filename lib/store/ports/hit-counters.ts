import type { HitCounters } from '../../domain/hit-counters';

/**
 * Counts hits as they are stored, in the same transaction: whatever is deleted later, no counter goes down, and a crash
 * neither loses nor repeats one. Hits that were a day old or older when they were read are history, and left out: an
 * import would look like a rush of visitors.
 */
export interface HitCounterStore {
  /** Returns the accesses by host; `nonTailnet`: clients outside the tailnet count as accesses too. */
  hitCounters(nonTailnet: boolean): Promise<HitCounters>;
}
