import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveEvent } from '../domain/live-event';
import type { CollectorRegistry } from '../store/ports/collectors';
import { SECOND, WEEK } from '../util/time';
import { CollectorLink } from './collector-link';
import { LiveNews } from './live-news';

const READ_REGISTRY_EVERY_MS = 5 * SECOND;
/** A run waits this long for slow collectors; their requests continue after it. */
const RUN_WAITS_MS = 700;
/** A collector that has not announced itself for this long is out of service. */
const FORGET_AFTER_MS = WEEK;

type Settings = {
  registry: Pick<CollectorRegistry, 'collectors'>;
  /** What proves to the collector at a URL that this is a replica. */
  credential: ((url: string) => string) | null;
  publish: (event: LiveEvent) => void;
  now?: () => number;
};

/** A replica's job: finds the collectors and requests each one's state, every second. */
export class WatchCollectors {
  readonly name = 'watch_collectors';
  readonly schedule = '* * * * * *';
  private readonly linksByName = new Map<string, CollectorLink>();
  private readonly news: LiveNews;
  private readonly now: () => number;
  private readRegistryAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly settings: Settings) {
    this.now = settings.now ?? Date.now;
    this.news = new LiveNews(settings.publish);
  }

  /** Returns the collectors, by name. */
  links(): CollectorLink[] {
    return [...this.linksByName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Asks all collectors at once. Throws `StoreUnavailable` when the registry cannot be read; known collectors are still
   * asked.
   */
  async run(): Promise<void> {
    const fault = await this.readRegistry().then(
      () => null,
      (error: unknown) => ({ error }),
    );
    const polls = this.links().map(async (link) => {
      await link.poll();
      // Another process has replaced it, or its URL is wrong: the registry may have a newer one.
      if (link.health().problem !== null) this.readRegistryAt = Number.NEGATIVE_INFINITY;
    });
    const late = new AbortController();
    await Promise.race([
      Promise.all(polls),
      sleep(RUN_WAITS_MS, undefined, { signal: late.signal }).catch(() => {}),
    ]);
    late.abort();
    for (const { name, snapshot } of this.links()) {
      if (snapshot) this.news.tell(name, snapshot);
    }
    if (fault) throw fault.error;
  }

  private async readRegistry(): Promise<void> {
    const now = this.now();
    if (now - this.readRegistryAt < READ_REGISTRY_EVERY_MS) return;
    const announcements = await this.settings.registry.collectors();
    this.readRegistryAt = now;
    for (const announced of announcements) {
      const existing = this.linksByName.get(announced.name);
      if (existing) existing.announce(announced);
      else {
        const { credential } = this.settings;
        const link = new CollectorLink(announced, { credential, now: this.now });
        this.linksByName.set(link.name, link);
      }
    }
    // One that is missing from the registry for a moment is being replaced there.
    for (const [name, { announcedAt }] of this.linksByName) {
      if (now - announcedAt > FORGET_AFTER_MS) this.linksByName.delete(name);
    }
  }
}
