import { requireRole } from '../identity/current';
import { runtime } from '../runtime/current';
import type { Runtime } from '../runtime/runtime';
import { alertWire } from './alerts';
import { collectorsWire } from './health';
import type { AlertWire, EventWire } from './health-schemas';
import type { MetricsHistoryWire, ModelsWire } from './model-schemas';
import { metricsHistory, models } from './models';
import { seenBy } from './query';
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
  const running = seenBy(runtime(), collector);
  const known = await models(running);
  const chosen = name ?? known.models[0]?.model_name;
  return {
    models: known,
    detail: chosen === undefined ? null : await detailOf(running, chosen),
    collectors: collectorsWire(running),
  };
}

async function detailOf(running: Runtime, name: string): Promise<ModelDetail> {
  const history = await metricsHistory(running, { model_name: name, limit: MOST_ENTRIES });
  const [first] = history.entries;
  const now = Date.now();
  const range = { from: first ? Date.parse(first.timestamp) : now - 1, to: now };
  const { events } = await running.store.events.events(range, {}, MOST_EVENTS, null);
  const topics = [`model_degraded_${name}`, `model_silent_${name}`];
  const open = (await running.alerts.open()).filter(({ topic }) => topics.includes(topic));
  const past = topics.map((topic) => running.alerts.history(MOST_ALERTS, null, { topic }));
  const resolved = (await Promise.all(past)).flatMap(({ alerts }) => alerts);
  const mutes = await running.alerts.mutes();
  return {
    history,
    alerts: [...open, ...resolved].map((alert) => alertWire(alert, mutes, now)),
    events: events.map(eventWire),
  };
}
