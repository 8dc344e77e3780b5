import type { Alert, Mute } from './domain/alert';
import type { IdReference, Shown } from './domain/collector-id';
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
import type { AlertFilter } from './store/ports/alerts';
import type { AuditStore } from './store/ports/audit';
import type { ChannelState } from './store/ports/channels';
import type { RejectedSummary } from './store/ports/rejected-lines';
import type { SenderState } from './store/ports/spool';
import type { Histories } from './store/ports/stores';
import { processWide } from './util/process-registry';

/**
 * What pages and calls are written against, by subject. `lib/runtime` builds it. A process that collects has `own`, a
 * replica has `remote` in its place: what a process cannot do it is not given.
 */
export type Services = CollectorServices | ReplicaServices;
export type CollectorServices = SharedServices & {
  alerts: AlertService<Alert, Mute>;
  own: OwnServices;
  remote: null;
};
export type ReplicaServices = SharedServices & {
  alerts: AlertService;
  own: null;
  remote: RemoteService;
};

type SharedServices = {
  instance: Instance;
  histories: Histories;
  accessLog: AccessLogService;
  tailnet: TailnetService;
  connections: ConnectionService;
  models: ModelService;
  audit: AuditStore;
  storage: StorageService;
  /** How the jobs of this process, and of the collectors it shows, are doing. */
  jobs(): JobState[];
  /** Subscribes to what happens; returns what ends the subscription. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /** The collectors that fill the store, by name. */
  collectors(): CollectorHealth[];
  /** The same services as one collector sees the tailnet; all as one with `undefined`. Throws `InvalidInput`. */
  forCollector(name: string | undefined): Services;
};

/** How a collector is doing, as seen from here. */
export type CollectorHealth = {
  name: string;
  /** `null`: it has not been reached yet. */
  version: string | null;
  /** Epoch milliseconds. */
  lastSeen: number;
  /** It has not answered for a while: what is shown of it is its last known state. */
  away: boolean;
  /** What keeps it from answering, and what to do; `null` when nothing does. */
  problem: string | null;
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
  /** Our own network check. */
  network(): { last: NetcheckResult | null; error: string | null };
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
  /** What a device's latency usually is, from its own history. */
  baseline(nodeId: string): Promise<LatencyModel>;
};

export type AlertService<A = Shown<Alert>, M = Shown<Mute>> = {
  open(): Promise<A[]>;
  /** Resolved alerts, newest first. Throws `BadCursor`. */
  history(
    limit: number,
    cursor?: string | null,
    filter?: Partial<AlertFilter>,
  ): Promise<{ alerts: A[]; nextCursor: string | null }>;
  mutes(): Promise<M[]>;
  /** Where messages go. */
  channels(): { name: string; state(): Promise<ChannelState> }[];
};

export type ModelService = {
  states(): ModelState[];
  /** The CSV file of all reports; `notice`: what is wrong with it. */
  csv(): { file: string; notice: string | null };
};

type StorageService = {
  /** `null`: the store is SQLite. */
  influx: InfluxHealth | null;
  /** Bytes on disk; `null`: the store is on no disk of this process. */
  bytes(): Promise<number | null>;
};

/** What only a process that collects can do. */
export type OwnServices = {
  /** `instance` tells this start of it from every other. */
  collector: { name: string; instance: string };
  /** Who holds an address; `null` when nobody does. Throws `TailscaleError`. */
  whois(address: string): Promise<Whois | null>;
  /** Makes a new network check, unless the last one is fresh. */
  checkNetwork(): Promise<void>;
  /** A fresh round of pings; `null` when too many are under way. */
  ping(device: Device): Promise<Connection> | null;
  alerts: {
    /** The alert as it is then; `null` when none of that number fires. */
    acknowledge(id: number, by: string): Promise<Alert | null>;
    /** Keeps messages back. Throws `InvalidInput` when it would be over before it begins. */
    mute(mute: Omit<Mute, 'id' | 'from'> & { from?: number }): Promise<Mute>;
    /** Whether there was a mute to end. */
    unmute(id: number): Promise<boolean>;
    /** Sends a test message on every channel. */
    sendTests(): Promise<{ name: string; delivery: Delivery }[]>;
  };
  models: {
    /** A model's entries, oldest first. Throws `BadCursor`. */
    history(model: string, limit: number, cursor: string | null): Promise<HistoryPage>;
    /** Stores a report. Throws `ReportRefused` when it contradicts one that is there. */
    record(report: ModelReport): Promise<Recorded>;
  };
};

/** A replica's way to the collectors it shows. */
export type RemoteService = {
  /** Those that answer, by name; those that are away besides. */
  present(): { there: string[]; away: string[] };
  /** The collector that stands for all where only one can speak. Throws `CollectorUnavailable` when there is none. */
  standIn(): string;
  /** The collector that watches a model; the one that stands for all when none does yet. */
  watcherOf(model: string): string;
  /** Whose alert or mute is meant. Throws `NotFound`, and `InvalidInput` when it may be that of several. */
  ownerOf(kind: 'alert' | 'mute', id: IdReference): { collector: string; id: number };
  /**
   * Sends a request to a collector and gives its JSON answer. Throws what the collector answered as an `AppError` of the
   * same code, and `CollectorUnavailable` when it is away or does not understand.
   */
  send(collector: string, request: RemoteRequest): Promise<unknown>;
};

export type RemoteRequest = {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path and query. */
  path: string;
  body?: unknown;
  /** The person it is done for; `null`: nobody in particular. */
  onBehalfOf: string | null;
  /** Gives up after this long; else only once the collector is away. */
  withinMs?: number;
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
