import type { Reading } from '../domain/alert';
import { formatDuration, formatInstant } from '../domain/format';
import { healthWarnings } from '../domain/health-warning';
import { isBlind } from '../domain/own-device';
import { isForgotten } from '../domain/watched';
import { DAY, MINUTE, SECOND } from '../util/time';
import type { Facts, JudgedDevice } from './facts';
import { AT_ONCE, aboutDevice, limit, NO_DEVICE } from './reading';

const KEY_WARNING_MS = 7 * DAY;
const OWN_AFTER_MS = 30 * SECOND;
const UNREACHABLE_AFTER_MS = 60 * SECOND;
const EXIT_NODE_AFTER_MS = 30 * SECOND;
const ROUTE_AFTER_MS = 30 * SECOND;
const HEALTH_AFTER_MS = 10 * MINUTE;
/** Texts that do not report a problem. */
const NO_TROUBLE = new Set([
  'update-available',
  'security-update-available',
  'is-using-unstable-version',
  'warming-up',
]);

/** Applies the rules about our own device and the tailnet as a whole. */
export function tailnetReadings(facts: Facts): Reading[] {
  return [
    ...ownReadings(facts),
    ...(facts.devices ?? []).flatMap((judged) => keyReading(judged, facts)),
    ...exitNodeReading(facts),
    ...routeReadings(facts),
    ...healthReadings(facts),
    ...facts.announcements.map(
      (announcement): Reading => ({
        ...AT_ONCE,
        ...announcement,
        state: 'bad',
        severity: 'info',
      }),
    ),
  ];
}

/**
 * Reports two topics, since a tailscaled that does not answer and one that says it is stopped have different remedies.
 */
function ownReadings({ own }: Facts): Reading[] {
  if (!own) return [];
  const { state, reason, remedy, settled } = own;
  const evidence = state === 'ok' ? [] : [{ label: 'Remedy', value: remedy }];
  const about = { ...AT_ONCE, ...NO_DEVICE, severity: 'critical' as const };
  const isAway = state === 'unreachable';
  const isBad = state !== 'ok' && !isAway;
  return [
    {
      ...about,
      rule: 'own_device',
      topic: 'own_device',
      state: isBad ? (settled ? 'bad' : 'between') : isAway ? 'between' : 'good',
      title: reason,
      evidence,
      raiseAfterMs: OWN_AFTER_MS,
    },
    {
      ...about,
      rule: 'tailscaled_unreachable',
      topic: 'tailscaled',
      state: isAway ? 'bad' : 'good',
      title: 'tailscaled does not answer',
      evidence: isAway ? [{ label: 'Problem', value: reason }] : [],
      raiseAfterMs: UNREACHABLE_AFTER_MS,
    },
  ];
}

function keyReading({ device, judgement }: JudgedDevice, { now, own, zone }: Facts): Reading[] {
  const { id, name, self, keyExpiry, classification } = device;
  if (classification !== 'own' || isForgotten(device, judgement.lastSeen, now)) return [];
  // The expiry of our own key stops Tailscale here, and has an alert of its own.
  if (self && own?.state === 'key_expired') return [];
  const expired = device.expired || (keyExpiry !== null && keyExpiry <= now);
  const expiring = keyExpiry !== null && keyExpiry - now <= KEY_WARNING_MS;
  const when = keyExpiry === null ? 'not known' : formatInstant(keyExpiry, zone);
  return [
    {
      ...AT_ONCE,
      ...aboutDevice(device),
      rule: 'key_expiring',
      topic: `key_expiring_${id}`,
      state: expired || expiring ? 'bad' : 'good',
      severity: expired ? 'critical' : 'warning',
      title: expired
        ? `The key of ${name} has expired`
        : `The key of ${name} expires in ${formatDuration((keyExpiry ?? now) - now)}`,
      evidence: [
        { label: 'Key expiry', value: keyExpiry === null && !expired ? 'never' : when },
        limit(`${formatDuration(KEY_WARNING_MS)} before it`),
      ],
    },
  ];
}

function exitNodeReading({ exitNode, devices, own }: Facts): Reading[] {
  if (!exitNode || !own || isBlind(own.state)) return [];
  const judged = devices?.find(({ device }) => device.id === exitNode.id)?.judgement;
  // Mullvad's are not devices of the tailnet: only the status describes them.
  const isPinged = judged?.confirmed === true && judged.presence !== 'unknown';
  const isUp = isPinged ? judged.presence === 'online' : exitNode.online;
  return [
    {
      ...AT_ONCE,
      ...aboutDevice(exitNode),
      rule: 'exit_node_lost',
      topic: `exit_node_${exitNode.id}`,
      state: isUp ? 'good' : 'bad',
      severity: 'critical',
      title: `The exit node in use, ${exitNode.name}, is offline: this device has no internet through it`,
      evidence: [
        { label: 'Exit node', value: isUp ? 'online' : 'offline' },
        {
          label: 'Remedy',
          value:
            'Choose another (tailscale set --exit-node=NAME), or none (tailscale set --exit-node=)',
        },
      ],
      raiseAfterMs: EXIT_NODE_AFTER_MS,
    },
  ];
}

function routeReadings({ routes, devices }: Facts): Reading[] {
  if (!devices) return [];
  const names = new Map(devices.map(({ device }) => [device.id, device.name]));
  return Object.entries(routes).map(([subnet, { nodeId, lostAt }]): Reading => {
    const name = names.get(nodeId) ?? nodeId;
    return {
      ...AT_ONCE,
      ...NO_DEVICE,
      rule: 'route_lost',
      topic: `route_${subnet}`,
      state: lostAt === null ? 'good' : 'bad',
      severity: 'critical',
      title: `Nothing routes ${subnet} any more`,
      evidence: [{ label: lostAt === null ? 'Routed by' : 'Last routed by', value: name }],
      raiseAfterMs: ROUTE_AFTER_MS,
    };
  });
}

function healthReadings({ health }: Facts): Reading[] {
  return healthWarnings(health ?? [])
    .filter(({ code }) => !NO_TROUBLE.has(code))
    .map(
      ({ code, key, text }): Reading => ({
        ...AT_ONCE,
        ...NO_DEVICE,
        rule: 'tailscaled_health',
        topic: `health_${key}`,
        state: 'bad',
        severity: 'warning',
        title: 'tailscaled has a warning',
        evidence: [
          { label: 'Warning', value: text },
          ...(code === 'other' ? [] : [{ label: 'Code', value: code }]),
        ],
        raiseAfterMs: HEALTH_AFTER_MS,
      }),
    );
}
