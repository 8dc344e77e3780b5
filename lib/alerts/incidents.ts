import { type Alert, type AlertRule, endedUnrecovered } from '../domain/alert';
import type { Notice, OpenAlert } from '../domain/notice';
import { MINUTE, SECOND } from '../util/time';
import type { Transition } from './machine';

/** Rules whose alerts may have one cause. */
const TOGETHER: ReadonlySet<AlertRule> = new Set(['offline', 'exit_node_lost', 'route_lost']);
/** Alerts that begin within this of one another are one incident. */
const TOGETHER_MS = 2 * MINUTE;
/** A first notice waits this long for others that may follow, */
const HOLD_FIRED_MS = 12 * SECOND;
/** and a recovery this long for the others of its incident. */
const HOLD_RESOLVED_MS = 25 * SECOND;

/**
 * Assigns each alert that fires to the incident of those it began together with. Returns the open alerts with their
 * incidents.
 */
export function joinIncidents(
  open: readonly OpenAlert[],
  transitions: readonly Transition[],
): OpenAlert[] {
  const fired = new Set(
    transitions.filter(({ kind }) => kind === 'fired').map(({ alert }) => alert.id),
  );
  const incidents = new Map(open.map(({ alert, incident }) => [alert.id, incident]));
  for (const { alert } of open) {
    if (!fired.has(alert.id) || !TOGETHER.has(alert.rule)) continue;
    const other = open.find(
      ({ alert: one }) => one.id !== alert.id && one.state === 'firing' && belongs(one, alert),
    );
    if (!other) continue;
    const incident = incidents.get(other.alert.id) ?? other.alert.id;
    incidents.set(other.alert.id, incident);
    incidents.set(alert.id, incident);
  }
  return open.map((one) => {
    const incident = incidents.get(one.alert.id);
    return incident === undefined || incident === one.incident ? one : { ...one, incident };
  });
}

function belongs(one: Alert, other: Alert): boolean {
  if (!TOGETHER.has(one.rule)) return false;
  if (one.nodeId !== null && one.nodeId === other.nodeId) return true;
  return Math.abs(one.since - other.since) <= TOGETHER_MS;
}

/** Returns the notice of a transition, with its incident and how long it waits for others. */
export function noticeOf(
  { kind, alert }: Transition,
  open: readonly OpenAlert[],
  known: number | undefined,
  now: number,
): Notice {
  const notice = { kind, alert, at: now };
  if (!TOGETHER.has(alert.rule) || kind === 'escalated') return notice;
  const incident = known ?? alert.id;
  const others = open.filter(({ alert: one }) => one.id !== alert.id);
  if (kind === 'fired') {
    const follows = others.some(({ alert: one }) => one.state === 'pending' && belongs(one, alert));
    const also = others.filter((one) => one.notified && one.incident === incident);
    const holdUntil = follows ? now + HOLD_FIRED_MS : now;
    const titles = also.map(({ alert: { title, said } }) => (said ? { said: said.title } : title));
    return { ...notice, together: { incident, holdUntil, also: titles } };
  }
  const isLast = !others.some((one) => one.alert.state === 'firing' && one.incident === incident);
  const holdUntil = isLast || endedUnrecovered(alert) ? now : now + HOLD_RESOLVED_MS;
  return { ...notice, together: { incident, holdUntil, also: [] } };
}
