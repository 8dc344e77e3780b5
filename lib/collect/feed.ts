import type { Alert } from '../domain/alert';
import type { StoredEvent } from '../domain/event';

export type News = { event: StoredEvent } | { alert: Alert };

/** Tells whoever listens what has just happened. */
export class Feed {
  private readonly listeners = new Set<(news: News) => void>();

  publish(news: News): void {
    for (const listener of this.listeners) listener(news);
  }

  /** Returns what ends the subscription. */
  subscribe(listener: (news: News) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
