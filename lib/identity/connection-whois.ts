import type { Whois } from '../domain/whois';
import type { Tailscale } from '../tailscale/tailscale';
import { concurrencyLimit } from '../util/limit';

/** tailscaled answers one request at a time, so more would only delay everything else it is asked. */
const MOST_AT_ONCE = 2;

/**
 * Looks up connections that may have come through tailscaled. Each is looked up once and remembered for as long as it
 * lasts, since its owner never changes: requests on a known connection do not wait.
 */
export class ConnectionWhois {
  private readonly byConnection = new WeakMap<object, Promise<Whois | null>>();
  private readonly limit = concurrencyLimit(MOST_AT_ONCE);

  constructor(private readonly tailscale: Pick<Tailscale, 'whois'>) {}

  /**
   * Returns who is at the other end; `null` when the connection did not come through tailscaled. Throws
   * `TailscaleError`.
   */
  whois(connection: object, address: string, port: number): Promise<Whois | null> {
    const before = this.byConnection.get(connection);
    if (before) return before;
    const answer = this.limit(() => this.tailscale.whois(address, port));
    this.byConnection.set(connection, answer);
    // The next request retries a failed lookup.
    answer.catch(() => this.byConnection.delete(connection));
    return answer;
  }
}
