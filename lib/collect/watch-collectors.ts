import { z } from 'zod';
import { logger } from '../log/log';
import type { Board } from '../store/ports/board';
import type { Histories } from '../store/ports/stores';
import type { Collector } from './collector';
import type { Feed } from './feed';
import { type PublishedView, publishedView } from './published-view';

const log = logger('collectors');
/** A collector not heard of for so long is away. */
const AWAY_AFTER_MS = 25_000;
const NEWS_LOOKED_BACK_MS = 10 * 60_000;

/** A replica's: reads every two seconds what the collectors publish, and tells open pages what is new. */
export class WatchCollectors implements Collector {
  readonly name = 'watch_collectors';
  readonly schedule = '*/2 * * * * *';
  /** By collector, in order of their names. */
  views: ReadonlyMap<string, PublishedView> = new Map();
  private readonly told = new Set<string>();
  private started = false;

  constructor(
    private readonly board: Pick<Board, 'read'>,
    private readonly store: Pick<Histories, 'events'>,
    private readonly feed: Feed,
    private readonly now: () => number = Date.now,
  ) {}

  async run(): Promise<void> {
    const read = await this.board.read('view');
    const views: [string, PublishedView][] = [];
    for (const [name, document] of [...read].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const parsed = publishedView.safeParse(document);
      if (parsed.success) views.push([name, parsed.data]);
      else if (!this.told.has(name)) {
        this.told.add(name);
        log.warn(`the collector ${name}: ${z.prettifyError(parsed.error)}`);
      }
    }
    this.views = new Map(views);
    await this.tellNews();
  }

  /** The view that stands for all, or that of one collector: the first by name that is there, else the last that was. */
  view(only?: string): (PublishedView & { name: string; away: boolean }) | null {
    const all = [...this.views]
      .filter(([name]) => only === undefined || name === only)
      .map(([name, view]) => ({ ...view, name, away: this.now() - view.at > AWAY_AFTER_MS }));
    const newest = [...all].sort((a, b) => b.at - a.at)[0];
    return all.find(({ away }) => !away) ?? newest ?? null;
  }

  private async tellNews(): Promise<void> {
    const now = this.now();
    const range = { from: now - NEWS_LOOKED_BACK_MS, to: now + 60_000 };
    const { events } = await this.store.events.events(range, {}, 100, null);
    for (const event of events.toReversed()) {
      this.tell(`event ${event.id} ${event.time}`, () => this.feed.publish({ event }));
    }
    for (const [name, { alerts }] of this.views) {
      for (const alert of [...alerts.open, ...alerts.history.slice(0, 20)]) {
        const { id, state, severity, acknowledgedAt } = alert;
        const key = `alert ${name} ${id} ${state} ${severity} ${acknowledgedAt}`;
        this.tell(key, () => this.feed.publish({ alert: { ...alert, id: shownId(name, id) } }));
      }
    }
    if (this.told.size > 20_000) this.told.clear();
    this.started = true;
  }

  /** What was there at the start is no news. */
  private tell(key: string, publish: () => void): void {
    if (this.told.has(key)) return;
    this.told.add(key);
    if (this.started) publish();
  }
}

const ROOM = 1_000;

/** The number by which replicas know something that a collector has numbered: numbers of several collectors overlap. */
export function shownId(collector: string, id: number): number {
  let hash = 0;
  for (const char of collector) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % ROOM;
  return id * ROOM + hash;
}

/** The collector's own number, and whether it is of that collector. */
export function ownId(collector: string, shown: number): number | null {
  const id = Math.floor(shown / ROOM);
  return shownId(collector, id) === shown ? id : null;
}
