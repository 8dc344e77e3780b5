import type { Alert, Mute } from './domain/alert';
import type { IdReference, Shown } from './domain/collector-id';
import type { Connection } from './domain/connection';
import type { Device } from './domain/device';
import type { Finding } from './domain/finding';
import type { HitCounters } from './domain/hit-counters';
import type { InfluxHealth } from './domain/influx-health';
import type { IngestState } from './domain/ingest-state';
import type { JobState } from './domain/job';
import type { Judgement } from './domain/judgement';
import type { LatencyModel } from './domain/latency-model';
import type { LiveEvent } from './domain/live-event';
import type { HistoryPage, ModelReport, ModelState, Recorded } from './domain/model';
import type { NetworkView } from './domain/netcheck';
import type { Delivery } from './domain/notice';
import type { QuotaPlan } from './domain/quota';
import type { Said } from './domain/said';
import type { SettingsService } from './domain/setting';
import type { SharedView } from './domain/shared-view';
import type { FormerDevice, TailnetView } from './domain/tailnet-view';
import type { DeviceTraffic, TrafficTotal } from './domain/traffic';
import type { TrafficBudget } from './domain/traffic-budget';
import type { Unmatched } from './domain/watched';
import type { Whois } from './domain/whois';
import type { AlertFilter } from './store/ports/alerts';
import type { AuditStore } from './store/ports/audit';
import type { ChannelState } from './store/ports/channels';
import type { RejectedSummary } from './store/ports/rejected-lines';
import type { SenderState } from './store/ports/spool';
import type { Histories } from './store/ports/stores';
import { setAtStart } from './util/process-registry';

/**
 * The services that pages and calls use, by subject. `lib/runtime` builds them. A process that collects has `own`, a
 * replica has `remote` instead: a process has no service that it cannot carry out.
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
  /** Returns the state of the jobs of this process, and of the collectors it shows. */
  jobs(): JobState[];
  /** Subscribes to events; returns what ends the subscription. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /** Returns the collectors that fill the store, by name. */
  collectors(): CollectorHealth[];
  /**
   * Returns the services as one collector sees the tailnet; all collectors as one for `undefined`. Throws
   * `InvalidInput`.
   */
  forCollector(name: string | undefined): Services;
};

/** How a collector is doing, as seen from this process. */
export type CollectorHealth = {
  name: string;
  /** `null`: it has not been reached yet. */
  version: string | null;
  /** Epoch milliseconds. */
  lastSeen: number;
  /** It has not answered for a while: its last known state is shown. */
  away: boolean;
  /** What prevents it from answering, and what to do; `null` when nothing does. */
  problem: string | null;
};

/** Settings of the process, or of the collector it shows. */
export type Instance = {
  startedAt: number;
  connectionIntervalMs: number;
  quotaPlan: QuotaPlan;
  /** What may travel in a month. */
  trafficBudget: TrafficBudget;
  /** How long single hits are kept. */
  rawDays: number;
  /** The IANA name of the time zone whose days are counted, and in which times are shown. */
  timeZone: string;
  /** The public URL of the page, for links in messages; `null` when it is not set. */
  publicUrl: string | null;
};

export type AccessLogService = {
  /** The log that is followed, including the demo's; `null` when none is. */
  pattern: string | null;
  countNonTailnet: boolean;
  /** The state of reading. */
  readonly state: IngestState;
  /** Why the store rejected what was read last; `null` when it did not. */
  readonly storeError: string | null;
  /** The same for readers of any language. */
  readonly storeErrorSaid?: Said | undefined;
  /** The state of sending to InfluxDB; `null`: it is not used. */
  readonly sender: SenderState | null;
  rejected(): Promise<RejectedSummary>;
  /** Returns what is wrong with the log, worst first. */
  findings(): Promise<Finding[]>;
};

export type TailnetService = {
  view(): TailnetView;
  /** Returns devices that have left the tailnet, by id; `leftAt` in epoch milliseconds. */
  former(): Readonly<Record<string, FormerDevice>>;
  /** Returns the result of our own network check. */
  network(): NetworkView;
};

export type ConnectionService = {
  /** Returns the last round of each device, by its id. */
  last(): ReadonlyMap<string, Connection>;
  /** Returns those of `devices` that are pinged each round. */
  critical(devices: readonly Device[]): Device[];
  /** Returns entries of `CRITICAL_NODES` that none of `devices` matches. */
  unmatched(devices: readonly Device[]): Unmatched[];
  /** Returns the current judgement of a device. */
  judge(device: Device): Judgement;
  /** Returns a device's latency baseline, from its own history. */
  baseline(nodeId: string): Promise<LatencyModel>;
};

export type AlertService<A = Shown<Alert>, M = Shown<Mute>> = {
  open(): Promise<A[]>;
  /** Returns resolved alerts, newest first. Throws `BadCursor`. */
  history(
    limit: number,
    cursor?: string | null,
    filter?: Partial<AlertFilter>,
  ): Promise<{ alerts: A[]; nextCursor: string | null }>;
  mutes(): Promise<M[]>;
  /** Returns where messages go. */
  channels(): { name: string; state(): Promise<ChannelState> }[];
};

export type ModelService = {
  states(): ModelState[];
  /** Returns the CSV file of all reports; `notices`: what was found changed in it. */
  csv(): { file: string; notices: Said[] };
};

type StorageService = {
  /** `null`: the store is SQLite. */
  influx: InfluxHealth | null;
  /** Returns bytes on disk; `null`: the store is on no disk of this process. */
  bytes(): Promise<number | null>;
};

/** What only a process that collects can do. */
export type OwnServices = {
  /** `instance` distinguishes this start of the process from every other. */
  collector: { name: string; instance: string };
  /** Returns who holds an address; `null` when no one does. Throws `TailscaleError`. */
  whois(address: string): Promise<Whois | null>;
  /** Runs a new network check, unless the last one is recent. */
  checkNetwork(): Promise<void>;
  /** Returns what has been counted since this process started, by device and path. */
  traffic(): readonly Omit<DeviceTraffic, 'from' | 'to'>[];
  /** What only grows, restarts or not: accesses by host, and bytes by device and path. */
  counters: {
    hits(): Promise<HitCounters>;
    traffic(): Promise<TrafficTotal[]>;
  };
  /** Pings a device now; `null` when too many pings are under way. */
  ping(device: Device): Promise<Connection> | null;
  alerts: {
    /** Returns the acknowledged alert; `null` when no alert with this id is firing. */
    acknowledge(id: number, by: string): Promise<Alert | null>;
    /** Takes an acknowledgement back; `null` when no firing alert with this id had one. */
    unacknowledge(id: number): Promise<Alert | null>;
    /** Mutes messages. Throws `InvalidInput` when the mute would end before it begins. */
    mute(mute: Omit<Mute, 'id' | 'from'> & { from?: number }): Promise<Mute>;
    /** Ends a mute; returns whether there was one. */
    unmute(id: number): Promise<boolean>;
    /** Sends a test message on every channel. */
    sendTests(): Promise<{ name: string; delivery: Delivery }[]>;
  };
  settings: SettingsService;
  links: {
    /** Returns a link that shows a view to everyone who has it. */
    sign(view: SharedView): Promise<string>;
    read(
      link: string,
    ): Promise<{ state: 'valid'; view: SharedView } | { state: 'expired' | 'invalid' }>;
    /** Ends every link made so far. */
    revokeAll(): Promise<void>;
  };
  models: {
    /** Returns a model's entries, oldest first. Throws `BadCursor`. */
    history(model: string, limit: number, cursor: string | null): Promise<HistoryPage>;
    /** Stores a report. Throws `ReportRefused` when it contradicts a stored one. */
    record(report: ModelReport): Promise<Recorded>;
  };
};

/** A replica's access to the collectors it shows. */
export type RemoteService = {
  /** Returns the collectors that answer, by name, and those that are away. */
  present(): { there: string[]; away: string[] };
  /** Returns the collector used where only one can answer for all. Throws `CollectorUnavailable` when there is none. */
  standIn(): string;
  /** Returns the collector that watches a model; `standIn()` while none does. */
  watcherOf(model: string): string;
  /** Returns whose alert or mute is meant. Throws `NotFound`, and `InvalidInput` when several may be meant. */
  ownerOf(kind: 'alert' | 'mute', id: IdReference): { collector: string; id: number };
  /**
   * Sends a request to a collector and returns its JSON answer. Throws the collector's error as an `AppError` of the
   * same code, and `CollectorUnavailable` when it is away or its answer cannot be understood.
   */
  send(collector: string, request: RemoteRequest): Promise<unknown>;
};

export type RemoteRequest = {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path and query. */
  path: string;
  body?: unknown;
  /** The person it is done for; `null`: no one in particular. */
  onBehalfOf: string | null;
  /** Gives up after this long; without it, only once the collector is away. */
  withinMs?: number;
};

const provided = setAtStart<Services>('services');

/** Sets the services that pages and calls use; for `lib/runtime` only. */
export const provideServices = provided.provide;

/** Returns the services of this process. Throws before it has started. */
export const currentServices = provided.current;
