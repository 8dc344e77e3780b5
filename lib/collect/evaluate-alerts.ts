import type { AlertEngine } from '../alerts/engine';
import {
  type JobOutcome,
  type JudgedDevice,
  type Round,
  type Thresholds,
  thresholdsFor,
} from '../alerts/facts';
import { text } from '../alerts/reading';
import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import { isBlind } from '../domain/own-device';
import { type QuotaPlan, quotaStatus } from '../domain/quota';
import type { SaidValue } from '../domain/said';
import type { TimeZone } from '../domain/time-zone';
import { ephemeralDevices, isForgotten } from '../domain/watched';
import type { LatencyBaselines } from '../models/latency-baselines';
import type { ModelTracker } from '../models/tracker';
import { usualBeside } from '../models/usual';
import type { EventHistory } from '../store/ports/events';
import { SECOND } from '../util/time';
import { Announcements } from './announcements';
import type { Collector } from './collector';
import type { ConnectionMetrics } from './connection-metrics';
import type { DeviceJudge } from './device-judge';
import type { Feed } from './feed';
import { OutageLog } from './outages';
import type { TailnetWatch } from './tailnet-watch';
import type { TrafficBudgets } from './traffic-budgets';
import type { WatchTransitions } from './watch-transitions';

/** `endedAt`: when the last run ended, in elapsed milliseconds. */
type EndedJob = JobOutcome & { endedAt: number | null };

/** The sources that the alerts are evaluated from. */
type Parts = {
  engine: Pick<AlertEngine, 'evaluate'>;
  tailnet: Pick<TailnetWatch, 'view' | 'askedAt'>;
  judge: Pick<DeviceJudge, 'of' | 'forMs'>;
  connections: Pick<
    ConnectionMetrics,
    'critical' | 'areNamed' | 'last' | 'earlier' | 'pings' | 'recent'
  >;
  transitions: Pick<WatchTransitions, 'routes' | 'former'>;
  feed: Feed;
  jobs: () => EndedJob[];
  plan: QuotaPlan;
  budgets: Pick<TrafficBudgets, 'uses'>;
  thresholds: Thresholds;
  /** Alerts name times in it. */
  zone: TimeZone;
  /** How far back outages are counted; milliseconds. */
  outageWindowMs: number;
  baselines: Pick<LatencyBaselines, 'latest'>;
  models: Pick<ModelTracker, 'states'>;
};

/** An event is processed within this of when it happened, whatever the clock says. */
const NOTICED_WITHIN_MS = 30 * SECOND;

/** Passes current facts to the alert rules. Nothing is notified twice, so it may run as often as needed. */
export class EvaluateAlerts implements Collector {
  readonly name = 'evaluate_alerts';
  readonly schedule = '*/5 * * * * *';
  private readonly outages: OutageLog;
  private readonly announcements: Announcements;
  /** Runs that have to wait for a look at our own device, by the job's name. */
  private readonly held = new Map<string, EndedJob>();

  constructor(
    private readonly parts: Parts,
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {
    this.outages = new OutageLog(parts.outageWindowMs, elapsed);
    this.announcements = new Announcements(elapsed);
    parts.feed.subscribe((news) => {
      if (!('event' in news)) return;
      const ago = this.now() - news.event.time;
      this.outages.note(news.event, Math.min(Math.max(0, ago), NOTICED_WITHIN_MS));
      this.announcements.note(news.event);
    });
  }

  /** Restores how often devices went offline before a restart. */
  restore(events: EventHistory): Promise<void> {
    return this.outages.restore(events, this.now());
  }

  async run(): Promise<void> {
    const { engine, tailnet, connections, plan, thresholds, zone, models, transitions } =
      this.parts;
    const { budgets } = this.parts;
    const { status, own, answeredAt } = tailnet.view();
    const canSee = status !== null && !isBlind(own.state);
    const listed = status?.devices ?? [];
    const critical = new Set(connections.critical(listed).map(({ id }) => id));
    const ephemeral = ephemeralDevices(listed, (device) => this.goneSince(device), this.now());
    const rounds = [...connections.last.values()].filter(({ nodeId }) => critical.has(nodeId));
    await engine.evaluate({
      now: this.now(),
      elapsed: this.elapsed(),
      // Before the first answer nothing can be missing.
      own: answeredAt === null ? null : own,
      devices: canSee ? listed.map((device) => this.judged(device, critical, ephemeral)) : null,
      rounds: rounds.map((connection) => this.round(connection)),
      exitNode: status?.exitNode ?? null,
      routes: transitions.routes(),
      former: transitions.former(),
      announcements: this.announcements.current(ephemeral, listed),
      health: own.state === 'ok' ? (status?.health ?? []) : null,
      jobs: this.judgeableJobs(answeredAt !== null),
      budgets: canSee ? await budgets.uses(listed) : null,
      quota: canSee ? quotaStatus(listed, plan) : null,
      models: models.states(),
      thresholds,
      zone,
    });
  }

  /**
   * Returns the jobs by whose last run something can be said. One that needs the tailnet may have failed since our own
   * device is out of it, which shows at the next look: until then its run is held. Where tailscaled has never answered,
   * there is no look to wait for, and the failed job is all that can be said.
   */
  private judgeableJobs(hasAnswered: boolean): JobOutcome[] {
    const { askedAt } = this.parts.tailnet;
    const isSeen = ({ endedAt }: EndedJob) =>
      !hasAnswered || endedAt === null || endedAt <= askedAt;
    return this.parts.jobs().flatMap((job) => {
      const { name, needsTailnet } = job;
      if (name === this.name) return [];
      if (!needsTailnet || isSeen(job)) {
        this.held.delete(name);
        return [job];
      }
      const held = this.held.get(name);
      const seen = held && isSeen(held) ? held : null;
      if (!held || seen) this.held.set(name, job);
      return seen ? [seen] : [];
    });
  }

  private judged(
    device: Device,
    critical: ReadonlySet<string>,
    ephemeral: ReadonlySet<string>,
  ): JudgedDevice {
    const { judge, thresholds } = this.parts;
    const judgement = judge.of(device);
    const { offlineAfterMs } = thresholdsFor(thresholds, device);
    return {
      device,
      judgement,
      forMs: judge.forMs(device),
      critical: critical.has(device.id),
      unmissed: this.unmissed(device, judgement.lastSeen, ephemeral),
      outages: this.outages.of(device.id, offlineAfterMs),
    };
  }

  private unmissed(
    device: Device,
    lastSeen: number | null,
    ephemeral: ReadonlySet<string>,
  ): SaidValue | null {
    if (isForgotten(device, lastSeen, this.now())) {
      return text('alertTexts.forgotten');
    }
    // A device that is named is missed, however briefly it has existed.
    const isEphemeral = ephemeral.has(device.id) && !this.parts.connections.areNamed;
    return isEphemeral ? text('alertTexts.comesAndGoes') : null;
  }

  private goneSince(device: Device): number | null {
    const { presence, since, lastSeen } = this.parts.judge.of(device);
    return presence === 'online' ? null : (since ?? lastSeen);
  }

  private round(connection: Connection): Round {
    const { nodeId } = connection;
    const { direct, answered } = this.parts.connections.earlier.get(nodeId) ?? {};
    return {
      connection,
      pings: this.parts.connections.pings.get(nodeId) ?? null,
      lastDirect: direct ? { time: direct.time, endpoint: direct.endpoint } : null,
      lastAnswered: answered ?? null,
      usual: usualBeside(
        this.parts.baselines.latest(nodeId),
        this.parts.connections.recent.get(nodeId) ?? [],
        connection.time,
      ),
    };
  }
}
