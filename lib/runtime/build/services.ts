import { LogDoctor } from '../../collect/log-doctor';
import type { Scheduler } from '../../collect/scheduler';
import type { Config } from '../../config/config';
import { InvalidInput } from '../../domain/errors';
import type {
  AccessLogService,
  AlertService,
  ConnectionService,
  ModelService,
  Services,
  TailnetService,
} from '../../services';
import type { Alerts } from './alerts';
import type { Parts } from './jobs';
import type { Models } from './models';
import type { Observers } from './observers';
import type { Source } from './source';
import type { Storage } from './storage';

/** The services of a process that collects. */
export function collectorServices(config: Config, parts: Parts, scheduler: Scheduler): Services {
  const { source, storage, feed, observers, models, alerts } = parts;
  const { collectorName } = config;
  const services: Services = {
    instance: {
      startedAt: Date.now(),
      connectionIntervalMs: config.connectionIntervalMs,
      quotaPlan: config.quotaPlan,
      publicUrl: config.alerts.publicUrl,
    },
    histories: storage.stores,
    accessLog: accessLogService(source, storage),
    tailnet: tailnetService(source, observers, scheduler),
    connections: connectionService(observers, models),
    alerts: alertService(alerts),
    models: modelService(models),
    audit: storage.stores.audit,
    storage: {
      influx: storage.influx?.watch.health ?? null,
      bytes: () => storage.stores.maintenance.size(),
    },
    jobs: () => scheduler.states(),
    subscribe: (listener) => feed.subscribe(listener),
    collectors: () => [{ name: collectorName, lastSeen: Date.now() }],
    forCollector(name) {
      if (name === undefined || name === collectorName) return services;
      throw noSuchCollector(name);
    },
  };
  return services;
}

export const noSuchCollector = (name: string) =>
  new InvalidInput({
    parameter: 'collector',
    message: `there is no collector ${JSON.stringify(name)}`,
  });

function accessLogService({ accessLog }: Source, { ingest, stores }: Storage): AccessLogService {
  const doctor = new LogDoctor(accessLog, ingest);
  return {
    pattern: accessLog.pattern,
    countNonTailnet: accessLog.countNonTailnet,
    get state() {
      return ingest.state;
    },
    get storeError() {
      return ingest.storeError;
    },
    get sender() {
      return ingest.sender;
    },
    rejected: () => stores.rejectedLines.rejected(),
    findings: () => doctor.findings(),
  };
}

function tailnetService(
  { tailscale }: Source,
  { tailnet, network, transitions }: Observers,
  scheduler: Scheduler,
): TailnetService {
  return {
    view: () => tailnet.view(),
    former: () => transitions.former(),
    whois: (address) => tailscale.whois(address),
    network: () => ({ last: network.last, error: network.error }),
    checkNetwork: () => scheduler.runNow(network.name),
  };
}

function connectionService(observers: Observers, { baselines }: Models): ConnectionService {
  const { connections, pings, judge } = observers;
  return {
    last: () => connections.last,
    critical: (devices) => connections.critical(devices),
    unmatched: (devices) => connections.unmatched(devices),
    judge: (device) => judge.of(device),
    ping: (device) => pings.round(device),
    baseline: (nodeId) => baselines.of(nodeId),
  };
}

function alertService({ engine, outboxes }: Alerts): AlertService {
  return {
    open: () => engine.open(),
    history: (limit, cursor, filter) => engine.history(limit, cursor, filter),
    mutes: () => engine.mutes(),
    acknowledge: (id, by) => engine.acknowledge(id, by),
    mute: (mute) => engine.mute(mute),
    unmute: (id) => engine.unmute(id),
    channels: () =>
      outboxes.map((outbox) => ({
        name: outbox.channel,
        state: () => outbox.state(),
        sendTest: () => outbox.sendTest(),
      })),
  };
}

function modelService({ tracker }: Models): ModelService {
  return {
    states: () => tracker.states(),
    history: (model, limit, cursor) => tracker.history(model, limit, cursor),
    record: (report) => tracker.record(report),
    csv: () => ({ file: tracker.file.file, notice: tracker.file.notice }),
  };
}
