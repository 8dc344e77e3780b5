import { type PublishedView, VIEW_FORMAT } from '../collect/published-view';
import type { Services } from '../services';

/** So many past alerts are shown by replicas; all of them are in the collector's database. */
const PAST_ALERTS = 200;

/** How things are with a running instance, for its replicas. */
export async function viewOf(services: Services): Promise<PublishedView> {
  const { instance, tailnet, connections, accessLog, alerts, models } = services;
  const now = Date.now();
  const view = tailnet.view();
  const devices = view.status?.devices ?? [];
  const { pattern, countNonTailnet, state, storeError, sender } = accessLog;
  return {
    format: VIEW_FORMAT,
    at: now,
    startedAt: instance.startedAt,
    tailnet: view,
    rounds: [...connections.last().values()],
    critical: connections.critical(devices).map(({ id }) => id),
    unmatched: connections.unmatched(devices),
    former: tailnet.former(),
    judgements: Object.fromEntries(devices.map((device) => [device.id, connections.judge(device)])),
    network: tailnet.network(),
    jobs: services.jobs(),
    ingest: { state, storeError, sender },
    rejected: await accessLog.rejected(),
    findings: await accessLog.findings(),
    alerts: {
      open: await alerts.open(),
      history: (await alerts.history(PAST_ALERTS)).alerts,
      mutes: await alerts.mutes(),
    },
    channels: await Promise.all(
      alerts.channels().map(async ({ name, state }) => ({ channel: name, state: await state() })),
    ),
    models: { states: models.states(), file: models.csv() },
    accessLog: { pattern, countNonTailnet },
    connectionIntervalMs: instance.connectionIntervalMs,
    quotaPlan: instance.quotaPlan,
  };
}
