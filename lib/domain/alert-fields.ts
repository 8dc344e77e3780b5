import type { Alert } from './alert';
import { alertEvidence, alertTitle } from './alert-texts';

const isoOrNull = (time: number | null) => (time === null ? null : new Date(time).toISOString());

/** The fields of an alert in API answers and webhook messages: in snake case, times in ISO 8601, in the current language. */
export function alertFields<Id>(alert: Omit<Alert, 'id'> & { id: Id }) {
  return {
    id: alert.id,
    rule: alert.rule,
    topic: alert.topic,
    node_id: alert.nodeId,
    hostname: alert.hostname,
    state: alert.state,
    severity: alert.severity,
    title: alertTitle(alert),
    evidence: alertEvidence(alert),
    since: new Date(alert.since).toISOString(),
    fired_at: isoOrNull(alert.firedAt),
    resolved_at: isoOrNull(alert.resolvedAt),
  };
}
