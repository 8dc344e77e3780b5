import type { TailnetStatus } from '../domain/device';
import type { TailnetView } from '../domain/tailnet-view';
import { logger } from '../log/log';
import type { Stores } from '../store/ports/stores';
import type { Tailscale } from '../tailscale/tailscale';
import type { Collector } from './collector';

const log = logger('tailnet');
/** Without an answer for this long, what we show is old news. */
const STALE_AFTER_MS = 25_000;
const STATE_KEY = 'last_tailnet_status';

/** Looks at the tailnet every ten seconds and keeps the last answer, over restarts too. */
export class TailnetWatch implements Collector {
  readonly name = 'watch_tailnet';
  readonly schedule = '*/10 * * * * *';
  private status: TailnetStatus | null = null;
  private answeredAt: number | null = null;
  private error: string | null = null;

  constructor(
    private readonly tailscale: Tailscale,
    private readonly store: Pick<Stores, 'state'>,
    private readonly now: () => number = Date.now,
  ) {}

  async run(): Promise<void> {
    try {
      this.status = await this.tailscale.status();
      if (this.error !== null) log.info(`${this.tailscale.location} answers again`);
      this.answeredAt = this.now();
      this.error = null;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  /** Takes over what was last known before a restart, for as long as tailscaled has not answered. */
  async restore(): Promise<void> {
    const saved = await this.store.state.loadState(STATE_KEY);
    if (saved === null || this.status) return;
    const { status, answeredAt, source } = JSON.parse(saved) as TailnetView;
    if (source !== this.tailscale.source) return;
    this.status = status;
    this.answeredAt = answeredAt;
  }

  /** Writes down the last answer for the next start. */
  async save(): Promise<void> {
    if (this.status) await this.store.state.saveState(STATE_KEY, JSON.stringify(this.view()));
  }

  view(): TailnetView {
    const { status, answeredAt, error } = this;
    const { source, location } = this.tailscale;
    const stale = answeredAt === null || this.now() - answeredAt > STALE_AFTER_MS;
    return { source, location, status, answeredAt, stale, error };
  }
}
