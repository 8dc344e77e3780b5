import type { Alert, AlertSaid, Reading } from '../domain/alert';
import { englishEvidence, keptTexts } from '../domain/alert-texts';
import type { OpenAlert } from '../domain/notice';
import { type SaidValue, say, withValues } from '../domain/said';

/** `escalated`: a firing alert became more severe, at most once per severity. */
export type Transition = { kind: 'fired' | 'escalated' | 'resolved'; alert: Alert };

export type Step = {
  /** What is open now. */
  open: OpenAlert[];
  /** What differs from before: new, changed and resolved ones. */
  changed: OpenAlert[];
  /** Ids of pending alerts that turned good before firing; they are deleted. */
  vanished: number[];
  transitions: Transition[];
};

const RANK = { info: 0, warning: 1, critical: 2 } as const;
const STATE_RANK = { good: 0, between: 1, bad: 2 } as const;

export type Circumstances = {
  /** Epoch milliseconds. */
  now: number;
  /** The first id for new alerts. */
  nextId: number;
  /** How long a topic has been bad, in elapsed milliseconds. */
  badForMs: (topic: string) => number;
  /** Why an alert ends without a reading of recovery; `null` when it does not end. */
  endedBecause: (alert: Alert) => SaidValue | null;
  /** A device's current name; `null` when that is unknown. */
  nameOf: (nodeId: string) => string | null;
};

/**
 * Advances every alert by one step: pending → firing → resolved. Pure. A topic without a reading stays as it is, since
 * unknown is not good. `between` changes nothing, not even the counts, so a value that hovers around a threshold
 * neither fires nor clears.
 */
export function step(
  open: readonly OpenAlert[],
  readings: readonly Reading[],
  circumstances: Circumstances,
): Step {
  const { now, endedBecause, nameOf } = circumstances;
  const result: Step = { open: [], changed: [], vanished: [], transitions: [] };
  const byTopic = worstByTopic(readings);
  for (const kept of open) {
    const before = renamed(kept, nameOf);
    const isRenamed = before !== kept;
    const reading = byTopic.get(before.alert.topic);
    byTopic.delete(before.alert.topic);
    const reason = endedBecause(before.alert);
    if (reason !== null)
      end(before, [{ label: say('alertTexts.ended'), value: reason }], now, result);
    else if (!reading || reading.state === 'between') {
      result.open.push(before);
      if (isRenamed) result.changed.push(before);
    } else if (reading.state === 'bad') worsen(before, reading, circumstances, result, isRenamed);
    else improve(before, reading, now, result);
  }
  let id = circumstances.nextId;
  for (const reading of byTopic.values()) {
    if (reading.state !== 'bad') continue;
    const since = now - circumstances.badForMs(reading.topic);
    const alert = pending(reading, since, id++);
    if (endedBecause(alert) !== null) continue;
    const fresh = { alert, bad: 0, good: 0, notified: false };
    worsen(fresh, reading, circumstances, result, true);
  }
  return result;
}

function pending(reading: Reading, since: number, id: number): Alert {
  const { rule, topic, nodeId, hostname, severity } = reading;
  return {
    id,
    rule,
    topic,
    nodeId,
    hostname,
    state: 'pending',
    severity,
    ...keptTexts(reading.texts()),
    since,
    firedAt: null,
    resolvedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
  };
}

/** Updates the device's name, since an alert belongs to the device whatever its current name. */
function renamed(open: OpenAlert, nameOf: Circumstances['nameOf']): OpenAlert {
  const { nodeId, hostname, said } = open.alert;
  const name = nodeId === null ? null : nameOf(nodeId);
  if (name === null || hostname === null || name === hostname) return open;
  const alert = { ...open.alert, hostname: name };
  if (!said) return { ...open, alert };
  const title = withValues(said.title, { device: name });
  return { ...open, alert: { ...alert, ...keptTexts({ ...said, title }) } };
}

function worsen(
  before: OpenAlert,
  reading: Reading,
  { now, badForMs }: Circumstances,
  result: Step,
  isChanged: boolean,
): void {
  // Counted only up to the number required, so that an unchanged bad state needs no write.
  const bad = Math.max(before.bad, Math.min(before.bad + 1, reading.raiseRounds));
  const wasFiring = before.alert.state === 'firing';
  // A firing alert keeps its worst severity: alternating between severities is not news.
  const escalated = wasFiring && RANK[reading.severity] > RANK[before.alert.severity];
  const severity = wasFiring && !escalated ? before.alert.severity : reading.severity;
  const alert: Alert = { ...before.alert, ...textsAfter(before.alert, reading), severity };
  const longEnough = badForMs(reading.topic) >= reading.raiseAfterMs;
  const fires = !wasFiring && bad >= reading.raiseRounds && longEnough;
  if (fires) Object.assign(alert, { state: 'firing', firedAt: now });
  const after = { ...before, alert, bad, good: 0 };
  result.open.push(after);
  if (isChanged || !isSame(before, after)) result.changed.push(after);
  if (fires) result.transitions.push({ kind: 'fired', alert });
  if (escalated) result.transitions.push({ kind: 'escalated', alert });
}

/** Returns the texts of a reading; those that there are while they say the same, though a value differs by a hair. */
function textsAfter(alert: Alert, reading: Reading): ReturnType<typeof keptTexts> {
  const texts = keptTexts(reading.texts());
  const isSaidAlready =
    texts.title === alert.title &&
    JSON.stringify(texts.evidence) === JSON.stringify(alert.evidence);
  return isSaidAlready && alert.said ? { ...texts, said: alert.said } : texts;
}

function isSame(a: OpenAlert, b: OpenAlert): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function improve(before: OpenAlert, reading: Reading, now: number, result: Step): void {
  const good = before.good + 1;
  if (before.alert.state === 'pending' || good >= reading.clearRounds) {
    const was = new Map(before.alert.evidence.map(({ label, value }) => [label, value]));
    const { evidence } = reading.texts();
    const is = englishEvidence(evidence);
    const after = evidence
      .filter((_, i) => was.get(is[i]?.label ?? '') !== is[i]?.value)
      .map(({ label, value }) => ({
        label: say('alertTexts.labelNow', { label: { said: label } }),
        value,
      }));
    end(before, after, now, result);
    return;
  }
  const after = { ...before, bad: 0, good };
  result.open.push(after);
  result.changed.push(after);
}

function end(before: OpenAlert, addition: AlertSaid['evidence'], now: number, result: Step): void {
  if (before.alert.state === 'pending') {
    result.vanished.push(before.alert.id);
    return;
  }
  const { said } = before.alert;
  const evidence = [...before.alert.evidence, ...englishEvidence(addition)];
  const alert: Alert = { ...before.alert, evidence, state: 'resolved', resolvedAt: now };
  if (said) alert.said = { ...said, evidence: [...said.evidence, ...addition] };
  result.changed.push({ ...before, alert });
  result.transitions.push({ kind: 'resolved', alert });
}

/** Returns one reading per topic: the worst. */
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
