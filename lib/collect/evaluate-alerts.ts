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

/** Hands the alert rules what is known now. What is told already is not told again, so it may run as often as it likes. */
export class EvaluateAlerts implements Collector {
  readonly name = 'evaluate_alerts';
  readonly schedule = '*/5 * * * * *';
  /** Nodes that have left the tailnet since the last evaluation. */
  private removed = new Set<string>();

  constructor(
    private readonly engine: AlertEngine,
    private readonly watch: TailnetWatch,
    private readonly connections: ConnectionMetrics,
    feed: Feed,
    private readonly jobs: () => JobState[],
    private readonly plan: QuotaPlan,
    private readonly thresholds: Thresholds,
    private readonly normals: Pick<LatencyNormals, 'latest'>,
    private readonly models: Pick<ModelTracker, 'states'>,
    private readonly now: () => number = Date.now,
  ) {
    feed.subscribe((news) => {
      if ('event' in news && news.event.kind === 'node_removed' && news.event.nodeId !== null) {
        this.removed.add(news.event.nodeId);
      }
    });
  }

  async run(): Promise<void> {
    const { status, stale, error, answeredAt } = this.watch.view();
    // A tailscaled that is logged out or stopped answers, but knows no tailnet.
    const running = status?.backendState === 'Running';
    const devices = status && !stale && running ? status.devices : null;
    const critical = new Set(this.connections.critical(status?.devices ?? []).map(({ id }) => id));
    const removed = this.removed;
    this.removed = new Set();
    const problem = stale
      ? (error ?? 'no answer')
      : running
        ? null
        : `it is ${status?.backendState}`;
    const rounds = [...this.connections.last.values()].filter(({ nodeId }) => critical.has(nodeId));
    await this.engine.evaluate({
      now: this.now(),
      rounds: rounds.map((connection) => this.round(connection)),
      devices,
      criticalNodeIds: critical,
      removedNodeIds: removed,
      // Before the first answer there is nothing to miss.
      tailscaled: answeredAt === null ? null : { problem },
      jobs: this.jobs().filter(({ name }) => name !== this.name),
      quota: devices && quotaStatus(devices, this.plan),
      models: this.models.states(),
      thresholds: this.thresholds,
    });
  }

  private round(connection: Connection): Round {
    const { nodeId } = connection;
    const { direct, answered } = this.connections.earlier.get(nodeId) ?? {};
    return {
      connection,
      pings: this.connections.pings.get(nodeId) ?? null,
      lastDirect: direct ? { time: direct.time, endpoint: direct.endpoint } : null,
      lastAnswered: answered ?? null,
      usual: usualBeside(
        this.normals.latest(nodeId),
        this.connections.recent.get(nodeId) ?? [],
        connection.time,
      ),
    };
  }
}
