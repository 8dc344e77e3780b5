import path from 'node:path';
import { testChannels } from '../../alerts/channels';
import { LogDoctor } from '../../collect/log-doctor';
import type { Scheduler } from '../../collect/scheduler';
import { type Config, readConfig } from '../../config/config';
import { Settings } from '../../config/settings';
import type { Alert, Mute } from '../../domain/alert';
import { InvalidInput } from '../../domain/errors';
import { say } from '../../domain/said';
import type { SettingsService } from '../../domain/setting';
import { SignedLinks } from '../../identity/signed-links';
import type {
  AccessLogService,
  AlertService,
  CollectorServices,
  ConnectionService,
  OwnServices,
} from '../../services';
import { version } from '../../util/version';
import type { Alerts } from './alerts';
import type { Parts } from './jobs';
import type { Models } from './models';
import type { Observers } from './observers';
import type { Source } from './source';
import type { Storage } from './storage';

/** Returns the services of a process that collects. */
export function collectorServices(
  config: Config,
  parts: Parts,
  scheduler: Scheduler,
  instance: string,
): CollectorServices {
  const { source, storage, feed, observers, models, alerts } = parts;
  const { collectorName } = config;
  const services: CollectorServices = {
    instance: {
      startedAt: Date.now(),
      connectionIntervalMs: config.connectionIntervalMs,
      quotaPlan: config.quotaPlan,
      trafficBudget: config.trafficBudget,
      rawDays: config.retention.rawDays,
      publicUrl: config.alerts.publicUrl,
      timeZone: config.timeZone,
    },
    histories: storage.stores,
    accessLog: accessLogService(source, storage),
    tailnet: {
      view: () => observers.inventory.described(observers.tailnet.view()),
      former: () => observers.transitions.former(),
      network: () => {
        const { last, error } = observers.network;
        return { last, error: error?.text ?? null, errorSaid: error ?? undefined };
      },
    },
    connections: connectionService(observers, models),
    alerts: alertService(alerts),
    models: {
      states: () => models.tracker.states(),
      csv: () => {
        const { file, notice } = models.tracker.file;
        return { file, notices: notice ? [notice] : [] };
      },
    },
    audit: storage.stores.audit,
    storage: {
      influx: storage.influx?.watch.health ?? null,
      bytes: () => storage.stores.maintenance.size(),
    },
    jobs: () => scheduler.states(),
    subscribe: (listener) => feed.subscribe(listener),
    collectors: () => [
      { name: collectorName, version, lastSeen: Date.now(), away: false, problem: null },
    ],
    forCollector(name) {
      if (name === undefined || name === collectorName) return services;
      throw noSuchCollector(name);
    },
    own: ownServices(parts, scheduler, { name: collectorName, instance }, linksOf(config)),
    remote: null,
  };
  return services;
}

export const noSuchCollector = (name: string) =>
  new InvalidInput({
    parameter: 'collector',
    message: say('faults.noCollector', { name: JSON.stringify(name) }),
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
      return ingest.storeError?.text ?? null;
    },
    get storeErrorSaid() {
      return ingest.storeError ?? undefined;
    },
    get sender() {
      return ingest.sender;
    },
    rejected: () => stores.rejectedLines.rejected(),
    findings: () => doctor.findings(),
  };
}

const linksOf = ({ dataDir, collectorName }: Config) =>
  new SignedLinks(path.join(dataDir, 'embed-secret'), collectorName);

function ownServices(
  { source, storage, observers, alerts, models }: Parts,
  scheduler: Scheduler,
  collector: OwnServices['collector'],
  links: SignedLinks,
): OwnServices {
  const { engine, outboxes } = alerts;
  const { tracker } = models;
  const settings = settingsService(source);
  return {
    collector,
    whois: (address) => source.tailscale.whois(address),
    checkNetwork: () => scheduler.runNow(observers.network.name),
    traffic: () => observers.traffic.totals(),
    counters: {
      hits: () => storage.stores.hitCounters.hitCounters(source.accessLog.countNonTailnet),
      traffic: () => storage.stores.traffic.trafficTotals(),
    },
    ping: (device) => observers.pings.round(device),
    links,
    alerts: {
      acknowledge: (id, by) => engine.acknowledge(id, by),
      unacknowledge: (id) => engine.unacknowledge(id),
      mute: (mute) => engine.mute(mute),
      unmute: (id) => engine.unmute(id),
      sendTests: () =>
        Promise.all(
          outboxes.map(async (outbox) => ({
            name: outbox.channel,
            delivery: await outbox.sendTest(),
          })),
        ),
    },
    settings,
    models: {
      history: (model, limit, cursor) => tracker.history(model, limit, cursor),
      record: (report) => tracker.record(report),
    },
  };
}

function settingsService({ isDemo }: Source): SettingsService {
  const settings = new Settings();
  return {
    shown: () => settings.shown(),
    save: (changes) => settings.save(changes),
    async test(channel) {
      if (isDemo) return { state: 'failed', error: say('channelFaults.demo') };
      const { alerts, timeZone, language } = readConfig();
      const [result] = await testChannels({ ...alerts, timeZone, language }, channel);
      return result?.delivery ?? null;
    },
  };
}

function connectionService(observers: Observers, { baselines }: Models): ConnectionService {
  const { connections, judge } = observers;
  return {
    last: () => connections.last,
    critical: (devices) => connections.critical(devices),
    unmatched: (devices) => connections.unmatched(devices),
    judge: (device) => judge.of(device),
    baseline: (nodeId) => baselines.of(nodeId),
  };
}

function alertService({ engine, outboxes }: Alerts): AlertService<Alert, Mute> {
  return {
    open: () => engine.open(),
    history: (limit, cursor, filter) => engine.history(limit, cursor, filter),
    mutes: () => engine.mutes(),
    channels: () =>
      outboxes.map((outbox) => ({ name: outbox.channel, state: () => outbox.state() })),
  };
}
