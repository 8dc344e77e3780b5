import type { Stores } from '../store/ports/stores';
import type { Tailscale } from '../tailscale/tailscale';
import type { Collector } from './collector';

/** A name is looked up again after this long: addresses change hands. */
const KNOWN_FOR_MS = 10 * 60_000;
/** An address nobody knows is asked about again after this long. */
const UNKNOWN_FOR_MS = 60_000;
/** At most this many lookups a run, so that a tailscaled behind a slow command line is not flooded. */
const LOOKUPS_A_RUN = 50;

/** Finds out by whois who stands behind the addresses in the log. Hits already stored are named with it. */
export class IdentifyVisitors implements Collector {
  readonly name = 'identify_visitors';
  readonly schedule = '* * * * * *';

  constructor(
    private readonly tailscale: Tailscale,
    private readonly store: Pick<Stores, 'visitors'>,
    private readonly now: () => number = Date.now,
  ) {}

  async run(): Promise<void> {
    const now = this.now();
    const visitors = await this.store.visitors.visitorsToIdentify(
      { unknown: now - UNKNOWN_FOR_MS, known: now - KNOWN_FOR_MS },
      LOOKUPS_A_RUN,
    );
    for (const visitor of visitors) {
      const whois = await this.tailscale.whois(visitor.ip);
      await this.store.visitors.identify(
        visitor.id,
        whois && {
          nodeId: whois.nodeId,
          device: whois.device,
          user: whois.user.login,
          userName: whois.user.name,
        },
        this.now(),
      );
    }
  }
}
