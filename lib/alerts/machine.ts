import type { Alert, Evidence, Reading } from '../domain/alert';
import type { OpenAlert } from '../domain/notice';

/** `escalated`: a firing alert became more severe; that happens at most once a severity. */
export type Transition = { kind: 'fired' | 'escalated' | 'resolved'; alert: Alert };

export type Step = {
  /** What is open now. */
  open: OpenAlert[];
  /** What differs from before: new, changed and resolved ones. */
  changed: OpenAlert[];
  /** Ids of pending alerts that turned good before firing: as if they had never been. */
  vanished: number[];
  transitions: Transition[];
};

const RANK = { info: 0, warning: 1, critical: 2 } as const;
const STATE_RANK = { good: 0, between: 1, bad: 2 } as const;

/**
 * One step of every alert: pending → firing → resolved. Pure; `now` in epoch milliseconds, new alerts take ids from
 * `nextId` on. A topic without a reading stays as it is, since unknown is not good, unless its node has been removed.
 * `between` changes nothing, not even the counts, so a value that hovers around a threshold neither fires nor clears.
 */
export function step(
  open: readonly OpenAlert[],
  readings: readonly Reading[],
  removedNodeIds: ReadonlySet<string>,
  now: number,
  nextId: number,
): Step {
  const result: Step = { open: [], changed: [], vanished: [], transitions: [] };
  const byTopic = worstByTopic(readings);
  for (const before of open) {
    const { nodeId, topic } = before.alert;
    const reading = byTopic.get(topic);
    byTopic.delete(topic);
    if (nodeId !== null && removedNodeIds.has(nodeId)) end(before, REMOVED, now, result);
    else if (!reading || reading.state === 'between') result.open.push(before);
    else if (reading.state === 'bad') worsen(before, reading, now, result);
    else improve(before, reading, now, result);
  }
  let id = nextId;
  for (const reading of byTopic.values()) {
    if (reading.state !== 'bad') continue;
    if (reading.nodeId !== null && removedNodeIds.has(reading.nodeId)) continue;
    worsen(
      { alert: pending(reading, now, id++), bad: 0, good: 0, notified: false },
      reading,
      now,
      result,
    );
  }
  return result;
}

const REMOVED: Evidence = [{ label: 'Ended', value: 'the node was removed from the tailnet' }];

function pending(reading: Reading, now: number, id: number): Alert {
  const { rule, topic, nodeId, hostname, severity, title, evidence } = reading;
  return {
    id,
    rule,
    topic,
    nodeId,
    hostname,
    state: 'pending',
    severity,
    title,
    evidence,
    since: now,
    firedAt: null,
    resolvedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
  };
}

function worsen(before: OpenAlert, reading: Reading, now: number, result: Step): void {
  // Counted no further than it matters: what stays as bad as it is gives nothing to write down.
  const bad = Math.max(before.bad, Math.min(before.bad + 1, reading.raiseRounds));
  const { evidence, title } = reading;
  const wasFiring = before.alert.state === 'firing';
  // A firing alert keeps the worst it has been: going to and fro between severities is not news.
  const escalated = wasFiring && RANK[reading.severity] > RANK[before.alert.severity];
  const severity = wasFiring && !escalated ? before.alert.severity : reading.severity;
  const alert: Alert = { ...before.alert, evidence, title, severity };
  const longEnough = now - alert.since >= reading.raiseAfterMs;
  const fires = !wasFiring && bad >= reading.raiseRounds && longEnough;
  if (fires) Object.assign(alert, { state: 'firing', firedAt: now });
  const after = { ...before, alert, bad, good: 0 };
  result.open.push(after);
  if (before.bad === 0 || !isSame(before, after)) result.changed.push(after);
  if (fires) result.transitions.push({ kind: 'fired', alert });
  if (escalated) result.transitions.push({ kind: 'escalated', alert });
}

function isSame(a: OpenAlert, b: OpenAlert): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function improve(before: OpenAlert, reading: Reading, now: number, result: Step): void {
  const good = before.good + 1;
  if (before.alert.state === 'pending' || good >= reading.clearRounds) {
    const after = reading.evidence.map(({ label, value }) => ({ label: `${label} now`, value }));
    end(before, after, now, result);
    return;
  }
  const after = { ...before, bad: 0, good };
  result.open.push(after);
  result.changed.push(after);
}

function end(before: OpenAlert, addition: Evidence, now: number, result: Step): void {
  if (before.alert.state === 'pending') {
    result.vanished.push(before.alert.id);
    return;
  }
  const evidence = [...before.alert.evidence, ...addition];
  const alert: Alert = { ...before.alert, evidence, state: 'resolved', resolvedAt: now };
  result.changed.push({ ...before, alert });
  result.transitions.push({ kind: 'resolved', alert });
}

/** Two nodes may share a host name, and so a topic: the worse one speaks for both. */
function worstByTopic(readings: readonly Reading[]): Map<string, Reading> {
  const worst = new Map<string, Reading>();
  for (const reading of readings) {
    const other = worst.get(reading.topic);
    if (!other || STATE_RANK[reading.state] > STATE_RANK[other.state]) {
      worst.set(reading.topic, reading);
    }
  }
  return worst;
}
