import type { TailnetStatus } from './device';
import type { OwnDevice } from './own-device';
import type { Said } from './said';

/** How tailscaled is asked; `none`: not found yet. */
export const SOURCES = ['localapi', 'sidecar', 'cli', 'demo', 'none'] as const;
export type Source = (typeof SOURCES)[number];

export type TailnetView = {
  source: Source;
  location: string;
  /**
   * The last answer, however old; `null` before the first one. While our own device cannot see the others, `devices`
   * has those it last saw.
   */
  status: TailnetStatus | null;
  answeredAt: number | null;
  stale: boolean;
  error: string | null;
  /** The error for readers of any language; a collector of the version before this sends none. */
  errorSaid?: Said | undefined;
  own: OwnDevice;
};

/** A device that has left the tailnet; `leftAt` in epoch milliseconds. */
export type FormerDevice = { name: string; leftAt: number };
