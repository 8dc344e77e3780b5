import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';

/** How long a round is cached: pages may request it as often as they like. */
const GOOD_FOR_MS = 10_000;
const MOST_AT_ONCE = 5;

/** Runs rounds of pings on request: one at a time per device, and few altogether. */
export class OnDemandPings {
  private readonly rounds = new Map<string, { at: number; round: Promise<Connection> }>();
  private running = 0;

  constructor(
    private readonly ping: (device: Device) => Promise<Connection>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Returns the device's last round if it is fresh, else a new one; `null` when too many are under way. */
  round(device: Device): Promise<Connection> | null {
    const last = this.rounds.get(device.id);
    if (last && this.now() - last.at < GOOD_FOR_MS) return last.round;
    if (this.running >= MOST_AT_ONCE) return null;
    this.running++;
    const round = this.ping(device).finally(() => {
      this.running--;
    });
    this.rounds.set(device.id, { at: this.now(), round });
    // A failed round is not cached.
    round.catch(() => this.rounds.delete(device.id));
    return round;
  }
}
