import { requireRole } from '../identity/current';
import { currentServices, type Services } from '../services';
import { alertWire } from './alerts';
import { collectorsWire } from './health';
import type { AlertWire, EventWire } from './health-schemas';
import type { MetricsHistoryWire, ModelsWire } from './model-schemas';
import { metricsHistory, models } from './models';
import type { HealthWire } from './schemas';
import { eventWire } from './wire';

const MOST_ENTRIES = 200;
const MOST_EVENTS = 500;
const MOST_ALERTS = 100;

/** A model in full: its reports, its alerts, and what happened in the tailnet in that time. */
export type ModelDetail = {
  history: MetricsHistoryWire;
  /** Open ones first, then the last resolved. */
  alerts: AlertWire[];
  /** Newest first, at most 500. */
  events: EventWire[];
};

/** All that the models page shows at first; `detail` is `null` before any model has reported. */
export type ModelsPage = {
  models: ModelsWire;
  detail: ModelDetail | null;
  collectors: HealthWire['collectors'];
};

/** Loads the models page for the model of that name, by default the worst one. Throws `NotFound`, and `InvalidInput` when there is no such collector. */
export async function loadModelsPage(
  name: string | null,
  collector: string | undefined,
): Promise<ModelsPage> {
  requireRole('viewer');
  const services = currentServices().forCollector(collector);
  const known = await models(services);
  const chosen = name ?? known.models[0]?.model_name;
  return {
    models: known,
    detail: chosen === undefined ? null : await detailOf(services, chosen),
    collectors: collectorsWire(services),
  };
}

async function detailOf(services: Services, name: string): Promise<ModelDetail> {
  const history = await metricsHistory(services, { model_name: name, limit: MOST_ENTRIES });
  const [first] = history.entries;
  const now = Date.now();
  const range = { from: first ? Date.parse(first.timestamp) : now - 1, to: now };
  const { events } = await services.histories.events.events(range, {}, MOST_EVENTS, null);
  const topics = [`model_degraded_${name}`, `model_silent_${name}`];
  const open = (await services.alerts.open()).filter(({ topic }) => topics.includes(topic));
  const past = topics.map((topic) => services.alerts.history(MOST_ALERTS, null, { topic }));
  const resolved = (await Promise.all(past)).flatMap(({ alerts }) => alerts);
  const mutes = await services.alerts.mutes();
  return {
    history,
    alerts: [...open, ...resolved].map((alert) => alertWire(alert, mutes, now)),
    events: events.map(eventWire),
  };
}
