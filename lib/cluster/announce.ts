import { isIP } from 'node:net';
import type { Device } from '../domain/device';
import type { Announcement, CollectorRegistry } from '../store/ports/collectors';

type Settings = {
  registry: Pick<CollectorRegistry, 'announce'>;
  announcement: Omit<Announcement, 'url' | 'at'>;
  /** Returns where replicas reach this collector now. */
  url: () => string;
};

/** A collector's job: announces it to replicas. */
export class AnnounceCollector {
  readonly name = 'announce_collector';
  readonly schedule = '*/5 * * * * *';

  constructor(private readonly settings: Settings) {}

  async run(): Promise<void> {
    const { registry, announcement, url } = this.settings;
    await registry.announce({ ...announcement, url: url(), at: Date.now() });
  }
}

/**
 * Returns the URL of a collector for which none is set: the address it listens on, or its device's tailnet address if
 * it listens on all. On loopback, replicas must be on the same machine.
 */
export function defaultUrl(host: string, port: number, own: Device | undefined): string {
  const wide = host === '0.0.0.0' || host === '::';
  const address = wide ? own?.addresses.find((one) => isIP(one) === 4) : host;
  const named = address === undefined || address === 'localhost' ? '127.0.0.1' : address;
  return `http://${isIP(named) === 6 ? `[${named}]` : named}:${port}`;
}
