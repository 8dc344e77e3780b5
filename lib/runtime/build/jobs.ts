import { DEFAULT_THRESHOLDS } from '../../alerts/facts';
import { CollectAnalytics } from '../../collect/collect-analytics';
import type { Collector } from '../../collect/collector';
import { DeliverAlerts } from '../../collect/deliver-alerts';
import { EvaluateAlerts } from '../../collect/evaluate-alerts';
import type { Feed } from '../../collect/feed';
import { IdentifyVisitors } from '../../collect/identify-visitors';
import { LogTailscaleStatus } from '../../collect/log-tailscale-status';
import { MaintainStore } from '../../collect/maintain-store';
import { MeasureForecast } from '../../collect/measure-forecast';
import { outageWindow } from '../../collect/outages';
import { Scheduler } from '../../collect/scheduler';
import { SendDigest } from '../../collect/send-digest';
import { TrafficBudgets } from '../../collect/traffic-budgets';
import { WriteModelCsv } from '../../collect/write-model-csv';
import type { Config } from '../../config/config';
import { DemoTraffic } from '../../demo/traffic';
import { zoneNamed } from '../../domain/time-zone';
import type { Alerts } from './alerts';
import type { Models } from './models';
import type { Observers } from './observers';
import type { Source } from './source';
import type { Storage } from './storage';

export type Parts = {
  source: Source;
  storage: Storage;
  feed: Feed;
  observers: Observers;
  models: Models;
  alerts: Alerts;
};

/** Returns every periodic job of a collector; `more`: what only this kind of collector does. */
export async function buildJobs(
  config: Config,
  parts: Parts,
  more: readonly Collector[],
): Promise<Scheduler> {
  const { source, storage, feed, observers, models, alerts } = parts;
  const { tailnet, judge, probes, connections, transitions, traffic } = observers;
  const { stores, ingest } = storage;
  const { rollupDays } = config.retention;
  const { pattern } = source.accessLog;
  const zone = zoneNamed(config.timeZone);
  const evaluate = new EvaluateAlerts({
    engine: alerts.engine,
    tailnet,
    judge,
    connections,
    transitions,
    feed,
    jobs: () => scheduler.states().map((job) => ({ ...job, needsTailnet: needing.has(job.name) })),
    plan: config.quotaPlan,
    budgets: new TrafficBudgets(stores.traffic, config.trafficBudget, zone),
    thresholds: {
      ...DEFAULT_THRESHOLDS,
      offlineAfterMs: config.alerts.offlineAfterMs,
      byDevice: config.alerts.byDevice,
    },
    zone,
    outageWindowMs: outageWindow(config.connectionIntervalMs),
    baselines: models.baselines,
    models: models.tracker,
  });
  await evaluate.restore(stores.events);
  const collectors: readonly Collector[] = [
    ...(source.isDemo && pattern !== null ? [new DemoTraffic(pattern)] : []),
    tailnet,
    new CollectAnalytics(config.collectSchedule, ingest),
    new IdentifyVisitors(source.tailscale, stores, () => tailnet.view().status?.devices ?? []),
    new LogTailscaleStatus(tailnet, judge, stores, config.quotaPlan),
    new MaintainStore(ingest),
    connections,
    probes,
    transitions,
    traffic,
    observers.map,
    observers.inventory,
    observers.network,
    new MeasureForecast(stores, models.tracker),
    new WriteModelCsv(models.tracker, rollupDays),
    evaluate,
    ...alerts.outboxes.map((outbox) => new DeliverAlerts(outbox)),
    ...digestJobs(config, parts),
    ...more,
  ];
  const needing = new Set(
    collectors.filter(({ needsTailnet }) => needsTailnet).map(({ name }) => name),
  );
  const scheduler: Scheduler = new Scheduler(collectors);
  return scheduler;
}

/** The digest, where one is wished and there is a channel for it. */
function digestJobs(config: Config, { alerts, storage: { stores } }: Parts): Collector[] {
  const { digest: plan } = config.alerts;
  const names = alerts.outboxes.map(({ channel }) => channel);
  const channels = names.filter((name) => plan?.channels?.some((one) => one === name) ?? true);
  if (plan === null || channels.length === 0) return [];
  const zone = zoneNamed(config.timeZone);
  const { countNonTailnet: nonTailnet } = config.accessLog;
  return [new SendDigest({ stores, plan, channels, zone, nonTailnet })];
}
