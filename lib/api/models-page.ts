import type { Loaded } from '../calls/call';
import { modelHistoryCall, modelsCall } from '../calls/page-calls';
import { requireRole } from '../identity/current';
import { currentServices, type Services } from '../services';
import { alertResponse } from './alerts';
import { collectorsResponse } from './health';
import type { AlertResponse, EventResponse } from './health-schemas';
import { load } from './load';
import type { MetricsHistoryResponse, ModelsResponse } from './model-schemas';
import type { HealthResponse } from './service-schemas';
import { eventResponse } from './wire';

const MOST_EVENTS = 500;
const MOST_ALERTS = 100;

/** A model in full: its reports, its alerts, and the tailnet's events in that time. */
export type ModelDetail = {
  history: Loaded<MetricsHistoryResponse>;
  /** Open ones first, then the last resolved. */
  alerts: AlertResponse[];
  /** Newest first, at most 500. */
  events: EventResponse[];
};

/** What the models page shows at first; `detail` is `null` before any model has reported. */
export type ModelsPage = {
  models: Loaded<ModelsResponse>;
  detail: ModelDetail | null;
  collectors: HealthResponse['collectors'];
};

/**
 * Loads the models page for the named model, by default the worst one. Throws `NotFound`, and `InvalidInput` when there
 * is no such collector.
 */
export async function loadModelsPage(
  name: string | null,
  collector: string | undefined,
): Promise<ModelsPage> {
  requireRole('viewer');
  const services = currentServices().forCollector(collector);
  const models = await load(modelsCall(collector));
  const chosen = name ?? models.initial.models[0]?.model_name;
  return {
    models,
    detail: chosen === undefined ? null : await detailOf(services, chosen, collector),
    collectors: collectorsResponse(services),
  };
}

async function detailOf(
  services: Services,
  name: string,
  collector: string | undefined,
): Promise<ModelDetail> {
  const history = await load(modelHistoryCall(name, collector));
  const [first] = history.initial.entries;
  const now = Date.now();
  const range = { from: first ? Date.parse(first.timestamp) : now - 1, to: now };
  const topics = [`model_degraded_${name}`, `model_silent_${name}`];
  const [{ events }, open, mutes, ...past] = await Promise.all([
    services.histories.events.events(range, {}, MOST_EVENTS, null),
    services.alerts.open(),
    services.alerts.mutes(),
    ...topics.map((topic) => services.alerts.history(MOST_ALERTS, null, { topic })),
  ]);
  const alerts = [
    ...open.filter(({ topic }) => topics.includes(topic)),
    ...past.flatMap((page) => page.alerts),
  ];
  return {
    history,
    alerts: alerts.map((alert) => alertResponse(alert, mutes, now)),
    events: events.map(eventResponse),
  };
}
