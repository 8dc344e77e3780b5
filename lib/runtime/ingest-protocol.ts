import type { IngestOptions } from '../collect/ingest';
import type { IngestState } from '../domain/ingest-state';
import type { Said } from '../domain/said';
import type { InfluxSettings } from '../store/influx/client';
import type { Retention } from '../store/ports/maintenance';
import type { SenderState } from '../store/ports/spool';
import type { StoreUnavailable } from '../store/ports/store-unavailable';

/** The arguments of the ingest thread. */
export type IngestThreadData = {
  database: string;
  /** `null`: there is no access log to read; the thread only maintains the store. */
  ingest: IngestOptions | null;
  retention: Retention;
  /** Whose days roll-ups are of. */
  timeZone: string;
  /** Where hits go instead of the database, and the collector they belong to; `null`: to the database. */
  influx: { settings: InfluxSettings; collector: string } | null;
};

export type IngestRequest = { id: number; type: 'collect' | 'maintain' | 'close' };
export type IngestReply =
  | { type: 'ready' }
  | { type: 'progress'; state: IngestState }
  | { type: 'sender'; state: SenderState }
  | { type: 'done'; id: number }
  /** `reason` when the store rejected it. */
  | { type: 'failed'; id: number; said: Said; reason: StoreUnavailable['reason'] | null };
