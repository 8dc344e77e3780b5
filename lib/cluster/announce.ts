import { isIP } from 'node:net';
import type { TailnetStatus } from '../domain/device';
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
 * Returns where replicas reach a collector: its `url`, if it is given one; else the address it listens on, or its
 * device's address in the tailnet if it listens on all of them. On loopback, replicas have to be on the same machine.
 */
export function collectorUrl(
  { url, listens }: { url: string | null; listens: { host: string; port: number } },
  status: TailnetStatus | null,
): string {
  if (url !== null) return url;
  const { host, port } = listens;
  const wide = host === '0.0.0.0' || host === '::';
  const own = status?.devices.find(({ self }) => self);
  const address = wide ? own?.addresses.find((one) => isIP(one) === 4) : host;
  const named = address === undefined || address === 'localhost' ? '127.0.0.1' : address;
  return `http://${isIP(named) === 6 ? `[${named}]` : named}:${port}`;
}
