import type { TailnetStatus } from './device';

/** `none`: not found yet. */
export type Source = 'localapi' | 'sidecar' | 'cli' | 'demo' | 'none';

export type TailnetView = {
  source: Source;
  location: string;
  /** The last answer, however old; `null` before the first ever. */
  status: TailnetStatus | null;
  answeredAt: number | null;
  stale: boolean;
  error: string | null;
};
