import type { Visitor } from '../../domain/access';

/**
 * Assigns visitors their keys in InfluxDB, the same in every collector of a log: the address, or the kind where all
 * addresses of a kind are one visitor; from the second visitor of an address on with its count.
 */
export class VisitorKeys {
  private readonly counts = new Map<string, number>();

  /** Call in the order of the visitors' ids. */
  next({ kind, ip }: Pick<Visitor, 'kind' | 'ip'>): string {
    const address = kind === 'tailnet' ? ip : kind;
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    return count === 1 ? address : `${address}#${count}`;
  }
}

/** Returns the address that a key was made of. */
export const addressOf = (key: string) => key.split('#')[0] ?? key;
