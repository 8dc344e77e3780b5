import { call, type ParametersOf } from './call';

/** What each page asks for, written once: the server loads the page by it, and the browser keeps it fresh by it. */

/** How many hits a short range is drawn from. */
const HITS_DRAWN = 500;
/** How many events a device's page lists. */
const EVENTS_LISTED = 20;
/** How many reports of a model are drawn. */
const REPORTS_DRAWN = 200;
/** How far back the health page compares paths. */
const COMPARED_DAYS = 7;

type Collector = string | undefined;

/** What the dashboard shows of a view. */
export function dashboardCalls(view: ParametersOf<'/analytics/dashboard-usage'>) {
  const { collector } = view;
  return {
    usage: call('/analytics/dashboard-usage', view),
    devices: call('/analytics/devices', { collector }),
    critical: call('/health-monitoring/critical', { collector }),
    quota: call('/analytics/quota-status', { collector }),
    health: call('/healthz', { collector }),
    doctor: call('/analytics/log-doctor', { collector }),
  };
}

/** What the health page shows, its events narrowed down. */
export function healthCalls(
  events: Pick<ParametersOf<'/health-monitoring/events'>, 'kind' | 'node'>,
  collector: Collector,
) {
  return {
    events: call('/health-monitoring/events', { ...events, collector }),
    alerts: call('/health-monitoring/alerts', { collector }),
    summary: call('/health-monitoring/summary', { collector }),
    critical: call('/health-monitoring/critical', { collector }),
    diagnostics: call('/health-monitoring/diagnostics', { collector }),
    distribution: call('/health-monitoring/path-distribution', { days: COMPARED_DAYS, collector }),
    speed: call('/health-monitoring/path-speed', { hours: COMPARED_DAYS * 24, collector }),
  };
}

/** A new network check, and what it says of relayed devices. */
export function networkCheckCall(collector: Collector) {
  return call('/health-monitoring/diagnostics', { refresh: 'true', collector });
}

/** What a device's page shows of the last `hours`; nobody pings themselves, so our own device has no latency. */
export function nodeCalls(
  { id, hostname, self }: { id: string; hostname: string; self: boolean },
  {
    hours,
    compare,
    collector,
  }: { hours: number; compare: readonly string[]; collector: Collector },
) {
  const latency = (name: string) =>
    call('/health-monitoring/latency-history/{hostname}', { hostname: name, hours, collector });
  const ofNode = { hostname: id, hours, collector };
  const accesses = { device: hostname, hours, collector };
  return {
    devices: call('/analytics/devices', { collector }),
    critical: call('/health-monitoring/critical', { collector }),
    history: self ? null : latency(id),
    forecast: self ? null : call('/health-monitoring/latency-forecast/{hostname}', ofNode),
    uptime: self ? null : call('/health-monitoring/uptime/{hostname}', ofNode),
    compared: compare.map(latency),
    usage: call('/analytics/dashboard-usage', accesses),
    /** Hit by hit, for a range too short for a series. */
    hits: hours === 1 ? call('/analytics/access-logs', { ...accesses, limit: HITS_DRAWN }) : null,
    events: call('/health-monitoring/events', { node: id, hours, limit: EVENTS_LISTED, collector }),
    alerts: call('/health-monitoring/alerts', { collector }),
  };
}

/** A fresh round of pings to a device. */
export function pingCall(id: string, collector: Collector) {
  return call('/health-monitoring/connection-stats/{hostname}', { hostname: id, collector });
}

/** Every model that reports its errors. */
export function modelsCall(collector: Collector) {
  return call('/models', { collector });
}

/** The reports of one model. */
export function modelHistoryCall(model: string, collector: Collector) {
  return call('/models/metrics-history', { model_name: model, limit: REPORTS_DRAWN, collector });
}

/** Everything that can be searched for by name. */
export function searchCalls(collector: Collector) {
  return {
    devices: call('/analytics/devices', { collector }),
    usage: call('/analytics/dashboard-usage', { days: 30, collector }),
  };
}

/** A page of the access log. */
export function accessLogCall(query: ParametersOf<'/analytics/access-logs'>) {
  return call('/analytics/access-logs', query);
}

/** A page of the service's own log, which is this process's, whatever collector is looked at. */
export function logCall(query: Omit<ParametersOf<'/logs/search'>, 'collector'>) {
  return call('/logs/search', { ...query, collector: undefined });
}
