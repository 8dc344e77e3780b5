import type { AccessHistory } from './accesses';
import type { AlertStore } from './alerts';
import type { AuditStore } from './audit';
import type { ChannelStates } from './channels';
import type { ConnectionHistory, ConnectionStore } from './connections';
import type { DigestQueue } from './digests';
import type { EventHistory, EventStore } from './events';
import type { HitCounterStore } from './hit-counters';
import type { IngestStore } from './ingest';
import type { InventoryHistory, InventoryStore } from './inventory';
import type { Maintenance } from './maintenance';
import type { MessageQueue } from './messages';
import type { ModelCsvStore } from './model-csv';
import type { ModelStore } from './models';
import type { MuteStore } from './mutes';
import type { NoticeStore } from './notices';
import type { PathHistory, PathStore } from './paths';
import type { RejectedLineStore } from './rejected-lines';
import type { StateStore } from './state';
import type { SummaryStore } from './summaries';
import type { TrafficHistory, TrafficStore } from './traffic';
import type { VisitorStore } from './visitors';

/** The stored history: every process that serves pages can read it; a replica has nothing else. */
export type Histories = {
  accesses: AccessHistory;
  connections: ConnectionHistory;
  paths: PathHistory;
  events: EventHistory;
  traffic: TrafficHistory;
  inventory: InventoryHistory;
};

/** Alerts, notices and messages. */
export type AlertStores = {
  alerts: AlertStore;
  mutes: MuteStore;
  notices: NoticeStore;
  messages: MessageQueue;
  channels: ChannelStates;
  digests: DigestQueue;
};

/** The collector's own state. It is in the collector's own database, wherever the histories are stored. */
export type CollectorState = AlertStores & {
  audit: AuditStore;
  models: ModelStore;
  modelCsv: ModelCsvStore;
};

/** What a collector writes and reads. Adapters: `sqlite/stores.ts`, `influx/collector-stores.ts`. */
export type Stores = Histories &
  CollectorState & {
    ingest: IngestStore;
    hitCounters: HitCounterStore;
    rejectedLines: RejectedLineStore;
    visitors: VisitorStore;
    connections: ConnectionStore;
    paths: PathStore;
    events: EventStore;
    traffic: TrafficStore;
    inventory: InventoryStore;
    summaries: SummaryStore;
    state: StateStore;
    maintenance: Maintenance;
    close(): Promise<void>;
  };

/** What the ingest thread uses of them. */
export type IngestStores = Pick<Stores, 'ingest' | 'state' | 'maintenance' | 'close'>;
