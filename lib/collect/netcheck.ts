import { saidOf } from '../domain/errors';
import type { NetcheckResult } from '../domain/netcheck';
import type { Said } from '../domain/said';
import type { Stores } from '../store/ports/stores';
import { type Tailscale, TailscaleError } from '../tailscale/tailscale';
import { MINUTE } from '../util/time';
import type { Collector } from './collector';

const STATE_KEY = 'last_netcheck';
/** A check takes seconds and loads relays, so a result this recent is returned again. */
const FRESH_MS = MINUTE;

/** Checks our own connection to the internet, hourly and on demand. */
export class CheckNetwork implements Collector {
  readonly name = 'netcheck';
  readonly needsTailnet = true;
  readonly schedule = '0 5 * * * *';
  last: NetcheckResult | null = null;
  error: Said | null = null;

  constructor(
    private readonly tailscale: Tailscale,
    private readonly store: Pick<Stores, 'state'>,
    private readonly now: () => number = Date.now,
  ) {}

  async restore(): Promise<void> {
    const saved = await this.store.state.loadState(STATE_KEY);
    if (saved !== null) this.last = JSON.parse(saved) as NetcheckResult;
  }

  async run(): Promise<void> {
    if (this.last && this.now() - this.last.time < FRESH_MS) return;
    try {
      const netcheck = await this.tailscale.netcheck();
      const regions = await this.tailscale.derpMap().catch(() => ({}));
      this.last = { time: this.now(), netcheck, regions };
      this.error = null;
      await this.store.state.saveState(STATE_KEY, JSON.stringify(this.last));
    } catch (error) {
      this.error = saidOf(error);
      // What this transport cannot do at all is reported where its result would be; it is not a failure.
      if (!(error instanceof TailscaleError && error.reason === 'unsupported')) throw error;
    }
  }
}
