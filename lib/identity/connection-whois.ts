import type { Whois } from '../domain/whois';
import type { Tailscale } from '../tailscale/tailscale';
import { concurrencyLimit } from '../util/limit';

/** tailscaled answers one at a time, so more would only hold up what else it is asked. */
const MOST_AT_ONCE = 2;

/**
 * Whois of connections that may have come through tailscaled: asked once for each, since a connection stays whose it is,
 * and remembered for as long as it lasts. Requests on a known connection wait for nothing.
 */
export class ConnectionWhois {
  private readonly known = new WeakMap<object, Promise<Whois | null>>();
  private readonly limit = concurrencyLimit(MOST_AT_ONCE);

  constructor(private readonly tailscale: Pick<Tailscale, 'whois'>) {}

  /** Who is at the other end; `null` when it did not come through tailscaled. Throws `TailscaleError`. */
  whois(connection: object, address: string, port: number): Promise<Whois | null> {
    const before = this.known.get(connection);
    if (before) return before;
    const answer = this.limit(() => this.tailscale.whois(address, port));
    this.known.set(connection, answer);
    // What failed is asked again by the next request.
    answer.catch(() => this.known.delete(connection));
    return answer;
  }
}
