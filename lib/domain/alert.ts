export const ALERT_RULES = [
  'latency',
  'latency_unusual',
  'relayed',
  'offline',
  'packet_loss',
  'key_expiring',
  'tailscaled_unreachable',
  'collector_failing',
  'quota_near',
  'model_degraded',
  'model_silent',
] as const;
export type AlertRule = (typeof ALERT_RULES)[number];
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const ALERT_STATES = ['pending', 'firing', 'resolved'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** What a rule saw, for people: kept with the alert and told in the message. */
export type Evidence = { label: string; value: string }[];

/** One thing a rule looked at in one round. Times in epoch milliseconds. */
export type Reading = {
  rule: AlertRule;
  /** What the alert is about and rate limited by, such as `latency_git`. */
  topic: string;
  nodeId: string | null;
  hostname: string | null;
  /** `bad`: past the raise threshold. `good`: past the clear threshold. `between`: neither; nothing changes. */
  state: 'bad' | 'between' | 'good';
  severity: Severity;
  title: string;
  evidence: Evidence;
  /** It fires when it has been bad for as many rounds (and milliseconds) in a row as these, and clears likewise. */
  raiseRounds: number;
  raiseAfterMs: number;
  clearRounds: number;
};

/** An alert from the first bad reading to its end. */
export type Alert = {
  id: number;
  rule: AlertRule;
  topic: string;
  nodeId: string | null;
  hostname: string | null;
  state: AlertState;
  severity: Severity;
  title: string;
  evidence: Evidence;
  /** First bad reading. */
  since: number;
  firedAt: number | null;
  resolvedAt: number | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
};

/** No messages about these until then; what happens is still recorded. Both `null`: everything (a maintenance window). */
export type Mute = {
  id: number;
  topic: string | null;
  nodeId: string | null;
  from: number;
  until: number;
  reason: string;
  by: string;
};

/** The model an alert is about; `null` when it is about none. */
export function modelOf({ rule, topic }: Pick<Alert, 'rule' | 'topic'>): string | null {
  const ofModel = rule === 'model_degraded' || rule === 'model_silent';
  return ofModel ? topic.slice(rule.length + 1) : null;
}
