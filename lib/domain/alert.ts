import type { Said, SaidValue } from './said';

export const ALERT_RULES = [
  'latency',
  'latency_unusual',
  'relayed',
  'offline',
  'unstable',
  'packet_loss',
  'key_expiring',
  'device_joined',
  'exit_node_lost',
  'route_moved',
  'route_lost',
  'own_device',
  'tailscaled_health',
  'tailscaled_unreachable',
  'collector_failing',
  'quota_near',
  'traffic_budget',
  'model_degraded',
  'model_silent',
] as const;
export type AlertRule = (typeof ALERT_RULES)[number];
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const ALERT_STATES = ['pending', 'firing', 'resolved'] as const;
type AlertState = (typeof ALERT_STATES)[number];

/** What a rule saw, in readable form: stored with the alert and sent in the message. */
export type Evidence = { label: string; value: string }[];

/** An alert's title and evidence for a reader of any language. */
export type AlertSaid = { title: Said; evidence: { label: Said; value: SaidValue }[] };

/** The label of the reason why an alert ended without having recovered, in English. */
const ENDED = 'Ended';

/** What one rule found in one round. Times in epoch milliseconds. */
export type Reading = {
  rule: AlertRule;
  /**
   * The subject of the alert, by which messages are rate limited, such as `latency_nDB1CNTRL`: a device by its id,
   * since names change.
   */
  topic: string;
  nodeId: string | null;
  hostname: string | null;
  /** `bad`: past the raise threshold. `good`: past the clear threshold. `between`: neither; nothing changes. */
  state: 'bad' | 'between' | 'good';
  severity: Severity;
  /** Makes the texts: of hundreds of readings each few seconds, hardly any begins or changes an alert. */
  texts: () => AlertSaid;
  /** How long it has been bad already, where the rule knows; milliseconds. */
  badForMs?: number;
  /** It fires after this many bad rounds (and milliseconds) in a row, and clears likewise. */
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
  /** In English, as `evidence` is. */
  title: string;
  evidence: Evidence;
  /** The same for readers of any language (`alert-texts.ts`); absent where a version before this stored it. */
  said?: AlertSaid | undefined;
  /** First bad reading. */
  since: number;
  firedAt: number | null;
  resolvedAt: number | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
};

/** Suppresses messages until then; what happens is still recorded. Both `null`: everything (a maintenance window). */
export type Mute = {
  id: number;
  topic: string | null;
  nodeId: string | null;
  from: number;
  until: number;
  reason: string;
  by: string;
};

/** Returns the model an alert is about; `null` when it is about none. */
export function modelOf({ rule, topic }: Pick<Alert, 'rule' | 'topic'>): string | null {
  const ofModel = rule === 'model_degraded' || rule === 'model_silent';
  return ofModel ? topic.slice(rule.length + 1) : null;
}

/** Rules that announce an event: they fire, and their end is not reported. */
const ANNOUNCEMENTS: ReadonlySet<AlertRule> = new Set(['device_joined', 'route_moved']);
export const isAnnouncement = ({ rule }: Pick<Alert, 'rule'>) => ANNOUNCEMENTS.has(rule);

/** Returns whether the alert ended without a recovery. */
export function endedUnrecovered({ evidence }: Pick<Alert, 'evidence'>): boolean {
  return evidence.some(({ label }) => label === ENDED);
}
