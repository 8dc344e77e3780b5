import type * as z from 'zod';
import { snapshotSchema } from '../cluster/snapshot';
import { takeSnapshot } from '../cluster/take-snapshot';
import { collectorOfLink } from '../domain/shared-view';
import { alerts } from './alerts';
import { accessLogs, dashboardUsage, devices, quotaStatus } from './analytics';
import { audit, auditQuery, auditSchema } from './audit';
import { diagnostics, diagnosticsKnown } from './diagnostics';
import { firing, health } from './health';
import {
  alertsSchema,
  connectionStatsSchema,
  diagnosticsSchema,
  eventsSchema,
  firingSchema,
  latenciesSchema,
  latencyForecastSchema,
  latencyHistorySchema,
  monitoredDevicesSchema,
  pathDistributionSchema,
  pathSpeedSchema,
  summarySchema,
  uptimeSchema,
} from './health-schemas';
import { ansible, changesCsv, devicesCsv, inventoryChanges } from './inventory';
import { ansibleQuery, ansibleSchema, changesQuery, changesSchema } from './inventory-schemas';
import { kept } from './kept';
import { latencies } from './latencies';
import { logDoctor } from './log-doctor';
import { logFilterQuery, logsQuery, logsSchema, searchLog } from './logs';
import { logsOverview, logsOverviewSchema } from './logs-overview';
import { me, meSchema } from './me';
import { historyQuery, metricsHistorySchema, modelsSchema } from './model-schemas';
import { metricsHistory, metricsHistoryCsv, models } from './models';
import { critical, nodes, summary } from './monitored-devices';
import {
  connectionStats,
  events,
  latencyForecast,
  latencyHistory,
  pathDistribution,
  speedByPath,
  uptime,
} from './monitoring';
import {
  daysQuery,
  diagnosticsQuery,
  eventsQuery,
  hostnameParameter,
  periodQuery,
  speedQuery,
  worstQuery,
} from './monitoring-query';
import { accessLogsQuery, logDoctorQuery, noQuery, snapshotQuery, usageQuery } from './query';
import { route } from './route';
import {
  accessLogsSchema,
  devicesSchema,
  logDoctorSchema,
  quotaStatusSchema,
  usageSchema,
} from './schemas';
import { healthSchema } from './service-schemas';
import { settings, settingsSchema } from './settings';
import { traffic, trafficCsv } from './traffic';
import { trafficQuery, trafficSchema } from './traffic-schemas';
import { sharedViewQuery, sharedViewSchema, widgetSummarySchema } from './widget-schemas';
import { sharedView, widgetSummary } from './widgets';

/** A page asks for them once a minute; what they are made of changes each 10 s, or each round of pings. */
const COUNTED_MS = 10_000;
/** Devices are judged once a second. */
const JUDGED_MS = 1_000;

/** Every JSON call: what serves them and what documents them (`/openapi.json`) are the same objects. */
export const routes = {
  '/analytics/devices': route({
    summary:
      'Every device of the tailnet: whose it is, what it runs, whether it is online, and over which path; CSV with `Accept: text/csv`',
    query: noQuery,
    response: devicesSchema,
    run: devices,
    csv: devicesCsv,
  }),
  '/analytics/inventory-changes': route({
    summary:
      'What has changed of devices, newest first (default: the last 30 days); CSV with `Accept: text/csv`',
    query: changesQuery,
    response: changesSchema,
    run: inventoryChanges,
    csv: changesCsv,
  }),
  '/analytics/ansible-inventory': route({
    summary: 'The tailnet’s own devices as an inventory for Ansible, in groups by system and tag',
    query: ansibleQuery,
    response: ansibleSchema,
    run: ansible,
  }),
  '/analytics/quota-status': route({
    summary: 'The tailnet counted against the limits of its plan',
    query: noQuery,
    response: quotaStatusSchema,
    run: kept(JUDGED_MS, quotaStatus),
  }),
  '/analytics/traffic': route({
    summary:
      'What travelled between this device and the others, by device, user or path; CSV with `Accept: text/csv`',
    query: trafficQuery,
    response: trafficSchema,
    run: kept(COUNTED_MS, traffic),
    csv: trafficCsv,
  }),
  '/analytics/access-logs': route({
    summary: 'Hits one by one, newest first (default: the last 24 hours)',
    query: accessLogsQuery,
    response: accessLogsSchema,
    run: accessLogs,
  }),
  '/analytics/dashboard-usage': route({
    summary: 'What the dashboard shows of a range (default: the last 7 days)',
    query: usageQuery,
    response: usageSchema,
    run: dashboardUsage,
  }),
  '/analytics/log-doctor': route({
    summary: 'What is wrong with the access log, and the exact remedy',
    query: logDoctorQuery,
    response: logDoctorSchema,
    run: logDoctor,
  }),
  '/health-monitoring/summary': route({
    summary: 'The connections of the tailnet in a few numbers',
    query: noQuery,
    response: summarySchema,
    run: summary,
  }),
  '/health-monitoring/firing': route({
    summary: 'How many alerts need attention, and how bad the worst is',
    query: noQuery,
    response: firingSchema,
    run: firing,
  }),
  '/health-monitoring/nodes': route({
    summary: 'Every device as monitoring sees it, worst first',
    query: noQuery,
    response: monitoredDevicesSchema,
    run: nodes,
  }),
  '/health-monitoring/critical': route({
    summary: 'The devices that are pinged each round, worst first',
    query: worstQuery,
    response: monitoredDevicesSchema,
    run: critical,
  }),
  '/health-monitoring/latencies': route({
    summary: 'The last day’s latencies of the critical devices, the worst eight; gaps are nulls',
    query: noQuery,
    response: latenciesSchema,
    run: kept(COUNTED_MS, latencies),
  }),
  '/health-monitoring/connection-stats/{hostname}': route({
    summary: 'How a device is connected, with a fresh round of five pings',
    query: noQuery,
    path: hostnameParameter,
    response: connectionStatsSchema,
    live: { run: connectionStats, of: (remote) => remote.standIn() },
  }),
  '/health-monitoring/latency-history/{hostname}': route({
    summary: 'A device’s latencies, in at most 500 points; gaps are nulls',
    query: periodQuery,
    path: hostnameParameter,
    response: latencyHistorySchema,
    run: latencyHistory,
  }),
  '/health-monitoring/latency-forecast/{hostname}': route({
    summary: 'What a device’s latency usually is at each time of day, learned from its own history',
    query: periodQuery,
    path: hostnameParameter,
    response: latencyForecastSchema,
    run: latencyForecast,
  }),
  '/health-monitoring/uptime/{hostname}': route({
    summary: 'How often a device answered, how often its path changed, and the timeline of it',
    query: periodQuery,
    path: hostnameParameter,
    response: uptimeSchema,
    run: uptime,
  }),
  '/health-monitoring/path-distribution': route({
    summary: 'How many rounds found which kind of connection',
    query: daysQuery,
    response: pathDistributionSchema,
    run: pathDistribution,
  }),
  '/health-monitoring/path-speed': route({
    summary: 'Response times of the same endpoints over direct and relayed paths',
    query: speedQuery,
    response: pathSpeedSchema,
    run: speedByPath,
  }),
  '/health-monitoring/diagnostics': route({
    summary: 'Our own network check, and why relayed devices may be relayed',
    query: diagnosticsQuery,
    response: diagnosticsSchema,
    run: diagnosticsKnown,
    live: { run: diagnostics, of: (remote) => remote.standIn() },
  }),
  '/health-monitoring/alerts': route({
    summary: 'Alerts open and past, mutes, and the channels messages go to',
    query: noQuery,
    response: alertsSchema,
    run: alerts,
  }),
  '/health-monitoring/events': route({
    summary: 'What changed in the tailnet, newest first (default: the last 7 days)',
    query: eventsQuery,
    response: eventsSchema,
    run: events,
  }),
  '/models': route({
    summary: 'Every model that reports its errors, and how it is doing',
    query: noQuery,
    response: modelsSchema,
    run: models,
  }),
  '/models/metrics-history': route({
    summary:
      'A model’s reports, each beside its baseline, newest last; CSV with `Accept: text/csv`',
    query: historyQuery,
    response: metricsHistorySchema,
    live: { run: metricsHistory, of: (remote, { model_name }) => remote.watcherOf(model_name) },
    csv: metricsHistoryCsv,
  }),
  '/cluster/snapshot': route({
    summary:
      'How this collector is doing, for the replicas that show it; may change with any version',
    query: snapshotQuery,
    response: snapshotSchema,
    live: { run: (services, { since }) => takeSnapshot(services, since ?? null) },
  }),
  '/widgets/summary.json': route({
    summary: 'The whole state in a few flat fields that stay as they are, for other dashboards',
    query: noQuery,
    response: widgetSummarySchema,
    run: widgetSummary,
  }),
  '/widgets/view': route({
    summary: 'What a signed link shows, of the devices that it names',
    query: sharedViewQuery,
    response: sharedViewSchema,
    live: {
      run: sharedView,
      of: (remote, { link }) => collectorOfLink(link) ?? remote.standIn(),
    },
  }),
  '/me.json': route({
    summary: 'Who you are to this service, your devices, and your accesses',
    query: noQuery,
    response: meSchema,
    run: me,
  }),
  '/logs/search': route({
    summary:
      'What the service wrote into its log, newest first (default: errors of the last 24 hours)',
    needs: 'admin',
    query: logsQuery,
    response: logsSchema,
    run: searchLog,
  }),
  '/logs/overview': route({
    summary:
      'How many lines of the service’s log match, by time and level, and those that say the same together',
    needs: 'admin',
    query: logFilterQuery,
    response: logsOverviewSchema,
    run: logsOverview,
  }),
  '/audit': route({
    summary: 'Who changed what, newest first',
    needs: 'admin',
    query: auditQuery,
    response: auditSchema,
    run: audit,
  }),
  '/settings': route({
    summary: 'The settings that the page can set, and where each is from; secrets are never in it',
    needs: 'admin',
    query: noQuery,
    response: settingsSchema,
    run: async (services) => settings(services),
  }),
  '/healthz': route({
    summary:
      'How every part is doing; 503 when one needs attention. Callers without access receive the status alone',
    toStrangers: ({ status }) => ({ status }),
    query: noQuery,
    response: healthSchema,
    run: health,
    status: ({ status }) => (status === 'ok' ? 200 : 503),
  }),
};

/** The path of a call, its parameters in braces. */
export type CallName = keyof typeof routes;

/** The query parameters of a call. */
export type QueryOf<C extends CallName> = z.input<(typeof routes)[C]['query']>;

/** The answer of a call. */
export type ResponseOf<C extends CallName> = z.input<(typeof routes)[C]['response']>;
