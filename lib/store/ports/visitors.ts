import type { Visitor } from '../../domain/access';

export type Identity = NonNullable<Visitor['identity']>;

/** Who is behind the addresses that hits came from. */
export interface VisitorStore {
  /**
   * Tailnet visitors never asked about, or last asked about before `before` (epoch ms, one moment for those still
   * unknown and one for those known), longest wait first.
   */
  visitorsToIdentify(before: { unknown: number; known: number }, limit: number): Promise<Visitor[]>;
  /**
   * What whois said of a visitor at `now`. `null` leaves it unknown, to be asked again. A different device than before
   * opens a new visitor for the address; hits already stored stay with the old one.
   */
  identify(visitorId: number, identity: Identity | null, now: number): Promise<void>;
}
