import { type PublishedView, VIEW_FORMAT } from '../collect/published-view';
import type { Runtime } from './runtime';

/** So many past alerts are shown by replicas; all of them are in the collector's database. */
const PAST_ALERTS = 200;

/** How things are with a running instance, for its replicas. */
export async function viewOf(running: Runtime): Promise<PublishedView> {
  const { tailnet, connections, transitions, network, ingest, alerts, outboxes, models, config } =
    running;
  const now = Date.now();
  const view = tailnet.view();
  const devices = view.status?.devices ?? [];
  const { pattern, countNonTailnet } = running.accessLog;
  return {
    format: VIEW_FORMAT,
    at: now,
    startedAt: running.startedAt,
    tailnet: view,
    rounds: [...connections.last.values()],
    critical: connections.critical(devices).map(({ id }) => id),
    paths: Object.fromEntries(
      devices.map((device) => [
        device.id,
        { path: transitions.pathOf(device, now), online: transitions.isOnline(device, now) },
      ]),
    ),
    network: { last: network.last, error: network.error },
    jobs: running.scheduler.states(),
    ingest: { state: ingest.state, storeError: ingest.storeError, sender: ingest.sender },
    rejected: await running.store.rejectedLines.rejected(),
    findings: await running.doctor.findings(),
    alerts: {
      open: await alerts.open(),
      history: (await alerts.history(PAST_ALERTS)).alerts,
      mutes: await alerts.mutes(),
    },
    channels: await Promise.all(
      outboxes.map(async (outbox) => ({ channel: outbox.channel, state: await outbox.state() })),
    ),
    models: {
      states: models.states(),
      file: { file: models.file.file, notice: models.file.notice },
    },
    accessLog: { pattern, countNonTailnet },
    connectionIntervalMs: config.connectionIntervalMs,
    quotaPlan: config.quotaPlan,
  };
}
