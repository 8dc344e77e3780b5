import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import type { ModelState } from '../domain/model';
import type { QuotaStatus } from '../domain/quota';

/** Where each rule raises and clears. Latencies and times in milliseconds, losses as shares from 0 to 1. */
export type NodeThresholds = {
  latencyMs: number;
  latencyClearMs: number;
  offlineAfterMs: number;
  lossRaise: number;
  lossClear: number;
};
export type Thresholds = NodeThresholds & {
  /** What differs for a node, by host name. */
  byNode: Record<string, Partial<NodeThresholds>>;
};

export const DEFAULT_THRESHOLDS: Thresholds = {
  latencyMs: 100,
  latencyClearMs: 80,
  offlineAfterMs: 300_000,
  lossRaise: 0.4,
  lossClear: 0.1,
  byNode: {},
};

/** A critical node's latest round of pings, and what was known before it. */
export type Round = {
  connection: Connection;
  /** Each ping of the round in milliseconds, `null` where none came back; `null` when only the summary is known. */
  pings: readonly (number | null)[] | null;
  /** The latest earlier round that went direct; `null` when none ever did. Epoch milliseconds. */
  lastDirect: { time: number; endpoint: string | null } | null;
  /** The latest earlier round that had an answer: the path before this one. */
  lastAnswered: Pick<Connection, 'time' | 'connectionType' | 'relayNode' | 'endpoint'> | null;
  /** The last half hour's mean beside what is usual at this time; `null` while that is not known. Milliseconds. */
  usual: { meanMs: number; expectedMs: number; lowMs: number; highMs: number } | null;
};

/** How a job's last finished run went. `JobState` of the scheduler is one. */
export type JobOutcome = { name: string; lastRun: number | null; lastError: string | null };

/**
 * All that the rules look at. What is `null` or missing is unknown, and changes no alert: an evaluation may know only
 * a part. A round or a job's run passed again counts once (the engine sees to that), so the latest may always be passed.
 */
export type Facts = {
  /** Epoch milliseconds. */
  now: number;
  /** The latest round of every critical node that has had one. */
  rounds: readonly Round[];
  /** The nodes as tailscaled reports them now; `null` when it does not answer, or is not running. */
  devices: readonly Device[] | null;
  /** Ids of the nodes that must be online. */
  criticalNodeIds: ReadonlySet<string>;
  /** Ids of nodes that have left the tailnet: their alerts end. */
  removedNodeIds: ReadonlySet<string>;
  /** `problem` is why it does not answer or does not run, `null` when all is well. */
  tailscaled: { problem: string | null } | null;
  jobs: readonly JobOutcome[];
  quota: QuotaStatus | null;
  models: readonly ModelState[];
  thresholds: Thresholds;
};

/** Which of the facts are new since the last evaluation: rounds by node id, jobs by name. */
export type Fresh = { rounds: ReadonlySet<string>; jobs: ReadonlySet<string> };

/** The thresholds that apply to a node. */
export function thresholdsFor(thresholds: Thresholds, hostname: string): NodeThresholds {
  const { byNode, ...general } = thresholds;
  return { ...general, ...(Object.hasOwn(byNode, hostname) ? byNode[hostname] : {}) };
}
