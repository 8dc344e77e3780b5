import type { Alert } from '../domain/alert';
import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import { maskSecrets } from '../domain/mask-secrets';
import type { CollectorServices } from '../services';
import { MINUTE } from '../util/time';
import { version } from '../util/version';
import { ChangeLog } from './changes';
import { type JudgedDevice, keys, type SentSnapshot } from './snapshot';

/** Replicas show this many past alerts; all of them are in the collector's database. */
const PAST_ALERTS = 200;
const EVENTS_BACK_MS = 10 * MINUTE;
const MOST_EVENTS = 200;

/** Viewers may take a snapshot too. */
const masked = <T extends { line: string }>(sample: T): T => ({
  ...sample,
  line: maskSecrets(sample.line),
});

const takers = new WeakMap<CollectorServices, SnapshotTaker>();

/** Takes a snapshot; of the long lists, what has changed since a revision, or all of them with `null`. */
export function takeSnapshot(
  services: CollectorServices,
  since: number | null,
): Promise<SentSnapshot> {
  const taker = takers.get(services) ?? new SnapshotTaker(services);
  takers.set(services, taker);
  return taker.take(since);
}

class SnapshotTaker {
  private revision = 0;
  private readonly devices = new ChangeLog<Device>(keys.device);
  private readonly judgements = new ChangeLog<JudgedDevice>(keys.device);
  private readonly rounds = new ChangeLog<Connection>(keys.round);
  private readonly pastAlerts = new ChangeLog<Alert>(keys.alert);

  constructor(private readonly services: CollectorServices) {}

  async take(asked: number | null): Promise<SentSnapshot> {
    const { own, instance, accessLog, alerts, models, histories } = this.services;
    const now = Date.now();
    const range = { from: now - EVENTS_BACK_MS, to: now + MINUTE };
    const [rejected, findings, open, past, mutes, channels, recent] = await Promise.all([
      accessLog.rejected(),
      accessLog.findings(),
      alerts.open(),
      alerts.history(PAST_ALERTS),
      alerts.mutes(),
      Promise.all(
        alerts.channels().map(async ({ name, state }) => ({ name, state: await state() })),
      ),
      histories.events.events(range, {}, MOST_EVENTS, null),
    ]);
    // From here on nothing is waited for: a revision is of one moment.
    const { tailnet, connections } = this.services;
    const { status, ...view } = tailnet.view();
    const { devices, ...rest } = status ?? { devices: [] };
    this.update(devices, past.alerts);
    // One that there has not been is of another start.
    const since = asked !== null && asked <= this.revision ? asked : null;
    const { file, notices } = models.csv();
    const { pattern, countNonTailnet, state, storeError, storeErrorSaid, sender } = accessLog;
    return {
      ...own.collector,
      version,
      revision: this.revision,
      at: now,
      startedAt: instance.startedAt,
      tailnet: {
        ...view,
        status: 'tailnet' in rest ? rest : null,
        devices: this.devices.since(since),
      },
      rounds: this.rounds.since(since),
      critical: connections.critical(devices).map(({ id }) => id),
      unmatched: connections.unmatched(devices),
      former: tailnet.former(),
      judgements: this.judgements.since(since),
      network: tailnet.network(),
      jobs: this.services.jobs(),
      ingest: { state, storeError, storeErrorSaid, sender },
      rejected: { ...rejected, samples: rejected.samples.map(masked) },
      findings,
      alerts: { open, mutes },
      pastAlerts: this.pastAlerts.since(since),
      channels,
      models: {
        states: models.states(),
        file: { file, notice: notices[0]?.text ?? null, noticeSaid: notices[0] },
      },
      accessLog: { pattern, countNonTailnet },
      connectionIntervalMs: instance.connectionIntervalMs,
      quotaPlan: instance.quotaPlan,
      trafficBudget: instance.trafficBudget,
      events: recent.events,
    };
  }

  private update(devices: readonly Device[], past: readonly Alert[]): void {
    const { connections } = this.services;
    const next = this.revision + 1;
    const judged = devices.map((device) => ({ id: device.id, ...connections.judge(device) }));
    const changed = [
      this.devices.update(devices, next),
      this.judgements.update(judged, next),
      this.rounds.update([...connections.last().values()], next),
      this.pastAlerts.update(past, next),
    ];
    if (changed.includes(true)) this.revision = next;
  }
}
