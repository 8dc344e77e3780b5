import type { Visitor } from '../../domain/access';

export type Identity = NonNullable<Visitor['identity']>;

/** Stores who is behind the addresses that hits came from. */
export interface VisitorStore {
  /**
   * Returns tailnet visitors never looked up, or last looked up before `before` (epoch ms, one moment for those still
   * unknown and one for those known), longest wait first.
   */
  visitorsToIdentify(before: { unknown: number; known: number }, limit: number): Promise<Visitor[]>;
  /**
   * Stores whois's answer about a visitor at `now`. `null` leaves it unknown, to be looked up again. A different device
   * than before creates a new visitor for the address; hits already stored stay with the old one.
   */
  identify(visitorId: number, identity: Identity | null, now: number): Promise<void>;
}
