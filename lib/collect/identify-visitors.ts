import type { Device } from '../domain/device';
import type { Whois } from '../domain/whois';
import type { Stores } from '../store/ports/stores';
import type { Identity } from '../store/ports/visitors';
import type { Tailscale } from '../tailscale/tailscale';
import { MINUTE } from '../util/time';
import type { Collector } from './collector';

/** A known address is looked up again after this long: addresses change hands. */
const KNOWN_FOR_MS = 10 * MINUTE;
/** An unknown address is looked up again after this long. */
const UNKNOWN_FOR_MS = MINUTE;
/** The most lookups in a run, so that a tailscaled behind a slow command line is not flooded. */
const LOOKUPS_A_RUN = 50;

/** Identifies by whois who is behind the addresses in the log. Hits already stored get the name too. */
export class IdentifyVisitors implements Collector {
  readonly name = 'identify_visitors';
  readonly needsTailnet = true;
  readonly schedule = '* * * * * *';

  constructor(
    private readonly tailscale: Tailscale,
    private readonly store: Pick<Stores, 'visitors'>,
    private readonly devices: () => readonly Device[],
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
      const identity = whois ? identityOf(whois) : this.byStatus(visitor.ip);
      await this.store.visitors.identify(visitor.id, identity, this.now());
    }
  }

  /**
   * Returns the address's owner by the status: whois does not answer for a device whose user it does not know, such as
   * headscale's tagged ones. https://github.com/juanfont/headscale/issues/3017
   */
  private byStatus(address: string): Identity | null {
    const device = this.devices().find(({ addresses }) => addresses.includes(address));
    if (!device) return null;
    const { id: nodeId, name, tags, user } = device;
    return identityOf({ nodeId, device: name, tags, user });
  }
}

/** Returns whose a device is. A tagged device has no person: its tags are shown instead. */
export function identityOf({
  nodeId,
  device,
  tags,
  user,
}: Pick<Whois, 'nodeId' | 'device' | 'tags'> & { user: Whois['user'] | null }): Identity {
  const owner = tags.length > 0 ? tags.join(', ') : user?.login;
  const name = tags.length > 0 ? tags.join(', ') : user?.name;
  return { nodeId, device, user: owner ?? 'unknown', userName: name ?? 'unknown' };
}
