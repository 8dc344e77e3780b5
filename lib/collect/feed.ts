import type { LiveEvent } from '../domain/live-event';

/** Notifies its subscribers of what has just happened. */
export class Feed {
  private readonly listeners = new Set<(news: LiveEvent) => void>();

  publish(news: LiveEvent): void {
    for (const listener of this.listeners) listener(news);
  }

  /** Returns a function that ends the subscription. */
  subscribe(listener: (news: LiveEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
