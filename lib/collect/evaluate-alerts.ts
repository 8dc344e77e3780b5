import type { AlertEngine } from '../alerts/engine';
import type { Round, Thresholds } from '../alerts/facts';
import type { Connection } from '../domain/connection';
import type { JobState } from '../domain/job';
import { type QuotaPlan, quotaStatus } from '../domain/quota';
import type { LatencyNormals } from '../models/latency-normals';
import type { ModelTracker } from '../models/tracker';
import { usualBeside } from '../models/usual';
import type { Collector } from './collector';
import type { ConnectionMetrics } from './connection-metrics';
import type { Feed } from './feed';
import type { TailnetWatch } from './tailnet-watch';

/** What the alerts are judged from, and by. */
type Parts = {
  engine: Pick<AlertEngine, 'evaluate'>;
  tailnet: Pick<TailnetWatch, 'view'>;
  connections: Pick<ConnectionMetrics, 'critical' | 'last' | 'earlier' | 'pings' | 'recent'>;
  feed: Feed;
  jobs: () => JobState[];
  plan: QuotaPlan;
  thresholds: Thresholds;
  baselines: Pick<LatencyNormals, 'latest'>;
  models: Pick<ModelTracker, 'states'>;
};

/** Hands the alert rules what is known now. What is told already is not told again, so it may run as often as it likes. */
export class EvaluateAlerts implements Collector {
  readonly name = 'evaluate_alerts';
  readonly schedule = '*/5 * * * * *';
  /** Nodes that have left the tailnet since the last evaluation. */
  private removed = new Set<string>();

  constructor(
    private readonly parts: Parts,
    private readonly now: () => number = Date.now,
  ) {
    parts.feed.subscribe((news) => {
      if ('event' in news && news.event.kind === 'node_removed' && news.event.nodeId !== null) {
        this.removed.add(news.event.nodeId);
      }
    });
  }

  async run(): Promise<void> {
    const { engine, tailnet, connections, plan, thresholds, models } = this.parts;
    const { status, stale, error, answeredAt } = tailnet.view();
    // A tailscaled that is logged out or stopped answers, but knows no tailnet.
    const running = status?.backendState === 'Running';
    const devices = status && !stale && running ? status.devices : null;
    const critical = new Set(connections.critical(status?.devices ?? []).map(({ id }) => id));
    const removed = this.removed;
    this.removed = new Set();
    const problem = stale
      ? (error ?? 'no answer')
      : running
        ? null
        : `it is ${status?.backendState}`;
    const rounds = [...connections.last.values()].filter(({ nodeId }) => critical.has(nodeId));
    await engine.evaluate({
      now: this.now(),
      rounds: rounds.map((connection) => this.round(connection)),
      devices,
      criticalNodeIds: critical,
      removedNodeIds: removed,
      // Before the first answer there is nothing to miss.
      tailscaled: answeredAt === null ? null : { problem },
      jobs: this.parts.jobs().filter(({ name }) => name !== this.name),
      quota: devices && quotaStatus(devices, plan),
      models: models.states(),
      thresholds,
    });
  }

  private round(connection: Connection): Round {
    const { connections, baselines } = this.parts;
    const { nodeId } = connection;
    const { direct, answered } = connections.earlier.get(nodeId) ?? {};
    return {
      connection,
      pings: connections.pings.get(nodeId) ?? null,
      lastDirect: direct ? { time: direct.time, endpoint: direct.endpoint } : null,
      lastAnswered: answered ?? null,
      usual: usualBeside(
        baselines.latest(nodeId),
        connections.recent.get(nodeId) ?? [],
        connection.time,
      ),
    };
  }
}
