import type { Alert, Mute } from './domain/alert';
import type { Connection } from './domain/connection';
import type { Device } from './domain/device';
import type { Finding } from './domain/finding';
import type { InfluxHealth } from './domain/influx-health';
import type { IngestState } from './domain/ingest-state';
import type { JobState } from './domain/job';
import type { Judgement } from './domain/judgement';
import type { LatencyModel } from './domain/latency-model';
import type { LiveEvent } from './domain/live-event';
import type { HistoryPage, ModelReport, ModelState, Recorded } from './domain/model';
import type { NetcheckResult } from './domain/netcheck';
import type { Delivery } from './domain/notice';
import type { QuotaPlan } from './domain/quota';
import type { FormerDevice, TailnetView } from './domain/tailnet-view';
import type { Unmatched } from './domain/watched';
import type { Whois } from './domain/whois';
import type { AlertFilter, AlertPage } from './store/ports/alerts';
import type { AuditStore } from './store/ports/audit';
import type { ChannelState } from './store/ports/channels';
import type { RejectedSummary } from './store/ports/rejected-lines';
import type { SenderState } from './store/ports/spool';
import type { Histories } from './store/ports/stores';
import { processWide } from './util/process-registry';

/**
 * What pages and calls are written against, by subject. `lib/runtime` builds it, for a process that collects and for a
 * replica alike; nothing here knows which.
 */
export type Services = {
  instance: Instance;
  histories: Histories;
  accessLog: AccessLogService;
  tailnet: TailnetService;
  connections: ConnectionService;
  alerts: AlertService;
  models: ModelService;
  audit: AuditStore;
  storage: StorageService;
  /** How the jobs of this process, and of the collectors it shows, are doing. */
  jobs(): JobState[];
  /** Subscribes to what happens; returns what ends the subscription. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /** The collectors that fill the store; `lastSeen` in epoch milliseconds. */
  collectors(): { name: string; lastSeen: number }[];
  /** The same services as one collector sees the tailnet; all as one with `undefined`. Throws `InvalidInput`. */
  forCollector(name: string | undefined): Services;
};

/** What is set of the process, or of the collector it shows. */
export type Instance = {
  startedAt: number;
  connectionIntervalMs: number;
  quotaPlan: QuotaPlan;
  /** Where people find the page, for links in messages; `null` when it is not set. */
  publicUrl: string | null;
};

export type AccessLogService = {
  /** The log that is followed, the demo's too; `null` when none is. */
  pattern: string | null;
  countNonTailnet: boolean;
  /** How reading goes. */
  readonly state: IngestState;
  /** Why the store did not take what was read last; `null` when it did. */
  readonly storeError: string | null;
  /** How sending to InfluxDB goes; `null`: there is none. */
  readonly sender: SenderState | null;
  rejected(): Promise<RejectedSummary>;
  /** What is wrong with the log, worst first. */
  findings(): Promise<Finding[]>;
};

export type TailnetService = {
  view(): TailnetView;
  /** Devices that have left the tailnet, by id; `leftAt` in epoch milliseconds. */
  former(): Readonly<Record<string, FormerDevice>>;
  /** Who holds an address; `null` when nobody does. Throws `TailscaleError`. */
  whois(address: string): Promise<Whois | null>;
  /** Our own network check. */
  network(): { last: NetcheckResult | null; error: string | null };
  /** Makes a new check, unless the last one is fresh. */
  checkNetwork(): Promise<void>;
};

export type ConnectionService = {
  /** The last round of each device, by its id. */
  last(): ReadonlyMap<string, Connection>;
  /** Those of `devices` that are pinged each round. */
  critical(devices: readonly Device[]): Device[];
  /** Entries of `CRITICAL_NODES` that none of `devices` matches. */
  unmatched(devices: readonly Device[]): Unmatched[];
  /** What is true of a device now. */
  judge(device: Device): Judgement;
  /** A fresh round of pings; `null` when too many are under way. */
  ping(device: Device): Promise<Connection> | null;
  /** What a device's latency usually is, from its own history. */
  baseline(nodeId: string): Promise<LatencyModel>;
};

export type AlertService = {
  open(): Promise<Alert[]>;
  /** Resolved alerts, newest first. Throws `BadCursor`. */
  history(limit: number, cursor?: string | null, filter?: Partial<AlertFilter>): Promise<AlertPage>;
  mutes(): Promise<Mute[]>;
  /** The alert as it is then; `null` when none of that number fires. */
  acknowledge(id: number, by: string): Promise<Alert | null>;
  /** Keeps messages back. Throws `InvalidInput` when it would be over before it begins. */
  mute(mute: Omit<Mute, 'id' | 'from'> & { from?: number }): Promise<Mute>;
  /** Whether there was a mute to end. */
  unmute(id: number): Promise<boolean>;
  /** Where messages go. */
  channels(): AlertChannel[];
};

export type AlertChannel = {
  name: string;
  state(): Promise<ChannelState>;
  sendTest(): Promise<Delivery>;
};

export type ModelService = {
  states(): ModelState[];
  /** A model's entries, oldest first. Throws `BadCursor`. */
  history(model: string, limit: number, cursor: string | null): Promise<HistoryPage>;
  /** Stores a report. Throws `ReportRefused` when it contradicts one that is there. */
  record(report: ModelReport): Promise<Recorded>;
  /** The CSV file of all reports; `notice`: what is wrong with it. */
  csv(): { file: string; notice: string | null };
};

export type StorageService = {
  /** `null`: the store is SQLite. */
  influx: InfluxHealth | null;
  /** Bytes on disk; `null`: the store is on no disk of this process. */
  bytes(): Promise<number | null>;
};

const provided = processWide<{ services: Services | null }>('services', () => ({ services: null }));

/** Puts the services where pages and calls find them; for `lib/runtime` alone. */
export function provideServices(services: Services): void {
  provided.services = services;
}

/** The services of this process. Throws before it has started. */
export function currentServices(): Services {
  if (!provided.services) throw new Error('the service is still starting');
  return provided.services;
}
