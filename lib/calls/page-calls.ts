import { call, type ParametersOf } from './call';

/** The calls of each page, defined once: the server loads the page with them, and the browser keeps it up to date. */

/** How many hits the chart of a short range shows. */
const HITS_DRAWN = 500;
/** How many of the critical devices the dashboard lists. */
const CRITICAL_LISTED = 8;
/** How many events a device's page lists. */
const EVENTS_LISTED = 20;
/** How many reports of a model its chart shows. */
const REPORTS_DRAWN = 200;
/** The days over which the health page compares paths. */
const COMPARED_DAYS = 7;

type Collector = string | undefined;

/** Returns the calls of the dashboard. */
export function dashboardCalls(view: ParametersOf<'/analytics/dashboard-usage'>) {
  const { collector } = view;
  return {
    usage: call('/analytics/dashboard-usage', view),
    devices: devicesCall(collector),
    critical: call('/health-monitoring/critical', { limit: CRITICAL_LISTED, collector }),
    latencies: call('/health-monitoring/latencies', { collector }),
    quota: call('/analytics/quota-status', { collector }),
    health: call('/healthz', { collector }),
    doctor: call('/analytics/log-doctor', { collector }),
    traffic: monthOfTrafficCall(collector),
  };
}

/** Returns the call for how many alerts need attention, which every page shows. */
export function firingCall(collector: Collector) {
  return call('/health-monitoring/firing', { collector });
}

/** Returns the call for every device of the tailnet. */
export const devicesCall = (collector: Collector) => call('/analytics/devices', { collector });

/** Returns the calls of the health page, with its events filtered. */
export function healthCalls(
  events: Pick<ParametersOf<'/health-monitoring/events'>, 'kind' | 'node'>,
  collector: Collector,
) {
  return {
    events: call('/health-monitoring/events', { ...events, collector }),
    alerts: call('/health-monitoring/alerts', { collector }),
    summary: call('/health-monitoring/summary', { collector }),
    critical: call('/health-monitoring/critical', { limit: undefined, collector }),
    diagnostics: call('/health-monitoring/diagnostics', { collector }),
    distribution: call('/health-monitoring/path-distribution', { days: COMPARED_DAYS, collector }),
    speed: call('/health-monitoring/path-speed', { hours: COMPARED_DAYS * 24, collector }),
  };
}

/** Returns the call that runs a new network check and reports on relayed devices. */
export function networkCheckCall(collector: Collector) {
  return call('/health-monitoring/diagnostics', { refresh: 'true', collector });
}

/** The range of a device's page: the last hours, or from one time to another (epoch milliseconds). */
export type DeviceRange = number | { from: number; to: number };

const HOUR = 3_600_000;
/** The longest range whose hits are drawn one by one, in hours. */
const SINGLE_HITS_HOURS = 1;

/** Returns the length of a range in hours. */
export const hoursIn = (range: DeviceRange) =>
  typeof range === 'number' ? range : (range.to - range.from) / HOUR;

/**
 * Returns the calls of a device's page for a range; a device does not ping itself, so our own has no latency,
 * and of one that has left no latency is expected.
 */
export function deviceCalls(
  { id, self, left }: { id: string; self: boolean; left: boolean },
  {
    range,
    compare,
    collector,
  }: { range: DeviceRange; compare: readonly string[]; collector: Collector },
) {
  const period =
    typeof range === 'number'
      ? { hours: range }
      : { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
  const latency = (name: string) =>
    call('/health-monitoring/latency-history/{hostname}', { hostname: name, ...period, collector });
  const ofDevice = { hostname: id, ...period, collector };
  const accesses = { device: id, ...period, collector };
  return {
    devices: devicesCall(collector),
    critical: call('/health-monitoring/critical', { limit: undefined, collector }),
    history: self ? null : latency(id),
    forecast:
      self || left ? null : call('/health-monitoring/latency-forecast/{hostname}', ofDevice),
    uptime: self ? null : call('/health-monitoring/uptime/{hostname}', ofDevice),
    compared: compare.map(latency),
    usage: call('/analytics/dashboard-usage', accesses),
    /** Each hit, for a range too short for a series. */
    hits:
      hoursIn(range) <= SINGLE_HITS_HOURS
        ? call('/analytics/access-logs', { ...accesses, limit: HITS_DRAWN })
        : null,
    events: call('/health-monitoring/events', {
      ...{ node: id, limit: EVENTS_LISTED },
      ...period,
      collector,
    }),
    alerts: call('/health-monitoring/alerts', { collector }),
    diagnostics: self || left ? null : call('/health-monitoring/diagnostics', { collector }),
    traffic: self ? null : monthOfTrafficCall(collector, id),
  };
}

/** Returns the call that pings a device now. */
export function pingCall(id: string, collector: Collector) {
  return call('/health-monitoring/connection-stats/{hostname}', { hostname: id, collector });
}

/** Returns the call for every model that reports its errors. */
export function modelsCall(collector: Collector) {
  return call('/models', { collector });
}

/** Returns the call for the reports of one model. */
export function modelHistoryCall(model: string, collector: Collector) {
  return call('/models/metrics-history', { model_name: model, limit: REPORTS_DRAWN, collector });
}

/** Returns the calls for everything that can be searched by name. */
export function searchCalls(collector: Collector) {
  return {
    devices: devicesCall(collector),
    usage: call('/analytics/dashboard-usage', { days: 30, collector }),
  };
}

/** Returns the call for the accesses of a view, added up. */
export function usageCall(view: ParametersOf<'/analytics/dashboard-usage'>) {
  return call('/analytics/dashboard-usage', view);
}

/**
 * Returns the calls of the traffic page: the last `days` by `by`, and by device; today, this month and the last one,
 * which begin at these times.
 */
export function trafficCalls({
  days,
  by,
  collector,
  today,
  month,
  lastMonth,
}: {
  days: number;
  by: 'device' | 'user' | 'path';
  collector: Collector;
  today: string;
  month: string;
  lastMonth: string;
}) {
  return {
    over: call('/analytics/traffic', { days, by, collector }),
    devices: call('/analytics/traffic', { days, by: 'device', collector }),
    today: call('/analytics/traffic', { from: today, by: 'path', collector }),
    month: call('/analytics/traffic', { from: month, by: 'path', collector }),
    lastMonth: call('/analytics/traffic', { from: lastMonth, to: month, by: 'path', collector }),
  };
}

/** Returns the call for what has travelled in 30 days by path, in all or of one device. */
export function monthOfTrafficCall(collector: Collector, device?: string) {
  return call('/analytics/traffic', { days: 30, by: 'path', device, collector });
}

/** Returns the calls of the inventory: the devices, and what has changed of them. */
export function inventoryCalls(collector: Collector) {
  return {
    devices: call('/analytics/devices', { collector }),
    changes: call('/analytics/inventory-changes', { days: 30, collector }),
  };
}

/** Returns the call for a page of the access log. */
export function accessLogCall(query: ParametersOf<'/analytics/access-logs'>) {
  return call('/analytics/access-logs', query);
}

/** Returns the call for a page of the service's own log, which is this process's, whichever collector is selected. */
export function logCall(query: Omit<ParametersOf<'/logs/search'>, 'collector'>) {
  return call('/logs/search', { ...query, collector: undefined });
}

/** Returns the call for how many lines of that log match, by time, level and pattern. */
export function logOverviewCall(query: Omit<ParametersOf<'/logs/overview'>, 'collector'>) {
  return call('/logs/overview', { ...query, collector: undefined });
}
