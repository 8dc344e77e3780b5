import type { MapFacts } from '../domain/inventory';
import type { Tailscale } from '../tailscale/tailscale';
import { HOUR, MINUTE } from '../util/time';
import type { Collector } from './collector';

/** The map is read anew at most this often, */
const AGAIN_MS = MINUTE;
/** and at least this often, however it is followed. */
const ANEW_MS = 30 * MINUTE;
/** A tailscaled that does not show its map is asked again after this long: it may have been updated. */
const ASK_AGAIN_MS = HOUR;

/** Follows what the network map says of each device. */
export class WatchMap implements Collector {
  readonly name = 'watch_map';
  readonly needsTailnet = true;
  readonly schedule = '*/10 * * * * *';
  private map: MapFacts = new Map();
  private watching: Promise<void> | null = null;
  private failure: unknown = null;
  private dueAt = Number.NEGATIVE_INFINITY;
  private readonly stopped = new AbortController();

  constructor(
    private readonly tailscale: Pick<Tailscale, 'watchMap'>,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /** Returns what the map said last; nothing where it is not shown. */
  facts(): MapFacts {
    return this.map;
  }

  /** Begins to follow the map where nothing does. Throws why that ended last. */
  async run(): Promise<void> {
    if (this.watching === null && this.elapsed() >= this.dueAt) this.watching = this.watch();
    if (this.failure !== null) throw this.failure;
  }

  /** Ends it for good. */
  stop(): void {
    this.stopped.abort();
  }

  private async watch(): Promise<void> {
    this.dueAt = this.elapsed() + AGAIN_MS;
    const signal = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(ANEW_MS)]);
    const take = (map: MapFacts) => {
      this.map = map;
      this.failure = null;
    };
    try {
      const isShown = await this.tailscale.watchMap(take, signal);
      if (!isShown) this.dueAt = this.elapsed() + ASK_AGAIN_MS;
      this.failure = null;
    } catch (error) {
      this.failure = error;
    } finally {
      this.watching = null;
    }
  }
}
