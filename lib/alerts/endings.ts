import type { Alert, AlertRule } from '../domain/alert';
import { healthWarnings } from '../domain/health-warning';
import { isBlind } from '../domain/own-device';
import type { SaidValue } from '../domain/said';
import { isForgotten } from '../domain/watched';
import type { Facts } from './facts';
import { text } from './reading';
import { budgetTopic } from './traffic-rules';

/** Rules that apply only to watched devices. */
const OF_WATCHED: ReadonlySet<AlertRule> = new Set([
  'latency',
  'latency_unusual',
  'relayed',
  'offline',
  'unstable',
  'packet_loss',
]);

/**
 * Returns why an alert ends without a reading of recovery: its device was removed or is no longer watched, or its
 * subject no longer exists. `null` while it continues, as when our own device cannot see.
 */
export function endings(facts: Facts): (alert: Alert) => SaidValue | null {
  const devices = new Map(facts.devices?.map((judged) => [judged.device.id, judged]));
  const announced = new Set(facts.announcements.map(({ topic }) => topic));
  const warnings = facts.health && new Set(healthWarnings(facts.health).map(({ key }) => key));
  return (alert) => {
    const { rule, topic, nodeId } = alert;
    if (rule === 'device_joined' || rule === 'route_moved') {
      return announced.has(topic) ? null : text('alertTexts.announced');
    }
    if (rule === 'tailscaled_health') {
      const isOver = warnings !== null && !warnings.has(topic.slice('health_'.length));
      return isOver ? text('alertTexts.noLongerReported') : null;
    }
    if (rule === 'exit_node_lost') return exitNodeEnding(topic, facts);
    if (rule === 'route_lost') {
      const isKnown = facts.devices === null || facts.routes[topic.slice('route_'.length)];
      return isKnown ? null : text('alertTexts.notRouted');
    }
    if (rule === 'traffic_budget' && facts.budgets !== null) {
      const hasBudget = facts.budgets.some((use) => budgetTopic(use) === topic);
      const isThere = nodeId === null || devices.has(nodeId);
      if (!hasBudget && isThere) return text('alertTexts.noBudget');
    }
    if (nodeId === null || facts.devices === null) return null;
    const judged = devices.get(nodeId);
    if (!judged) return text('alertTexts.removed');
    if (OF_WATCHED.has(rule)) {
      return judged.critical ? judged.unmissed : text('alertTexts.notWatched');
    }
    if (rule !== 'key_expiring') return null;
    if (judged.device.classification !== 'own') return text('alertTexts.notOurKey');
    const isGone = isForgotten(judged.device, judged.judgement.lastSeen, facts.now);
    return isGone ? text('alertTexts.forgotten') : null;
  };
}

function exitNodeEnding(topic: string, { exitNode, own }: Facts): SaidValue | null {
  if (!own || isBlind(own.state)) return null;
  if (exitNode === null) return text('alertTexts.noExitNode');
  if (topic === `exit_node_${exitNode.id}`) return null;
  return text('alertTexts.otherInUse', { device: exitNode.name });
}

/** Returns a function that gives a device's current name. */
export function nameIn({ devices }: Facts): (nodeId: string) => string | null {
  const names = new Map(devices?.map(({ device }) => [device.id, device.name]));
  return (nodeId) => names.get(nodeId) ?? null;
}
