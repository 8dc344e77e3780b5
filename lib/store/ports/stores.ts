import type { AccessHistory } from './accesses';
import type { ConnectionHistory, ConnectionStore } from './connections';
import type { EventHistory, EventStore } from './events';
import type { IngestStore } from './ingest';
import type { Maintenance } from './maintenance';
import type { PathHistory, PathStore } from './paths';
import type { RejectedLineStore } from './rejected-lines';
import type { StateStore } from './state';
import type { SummaryStore } from './summaries';
import type { VisitorStore } from './visitors';

/** What can be asked about the past: every process that serves pages has it, a replica has no more. */
export type Histories = {
  accesses: AccessHistory;
  connections: ConnectionHistory;
  paths: PathHistory;
  events: EventHistory;
};

/** What a collector writes and reads. Adapters: `sqlite/stores.ts`, `influx/collector-stores.ts`. */
export type Stores = Histories & {
  ingest: IngestStore;
  rejectedLines: RejectedLineStore;
  visitors: VisitorStore;
  connections: ConnectionStore;
  paths: PathStore;
  events: EventStore;
  summaries: SummaryStore;
  state: StateStore;
  maintenance: Maintenance;
  close(): Promise<void>;
};
