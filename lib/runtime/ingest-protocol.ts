import type { IngestOptions, IngestState } from '../collect/ingest';
import type { Retention } from '../store/store';

/** What the ingest thread is started with. */
export type IngestThreadData = {
  database: string;
  /** `null`: there is no access log to read; the thread only keeps the store tidy. */
  ingest: IngestOptions | null;
  retention: Retention;
};

export type IngestRequest = { id: number; type: 'collect' | 'maintain' | 'close' };
export type IngestReply =
  | { type: 'ready' }
  | { type: 'progress'; state: IngestState }
  | { type: 'done'; id: number }
  | { type: 'failed'; id: number; message: string };
