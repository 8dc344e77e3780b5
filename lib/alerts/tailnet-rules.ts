import type { Reading } from '../domain/alert';
import { healthWarnings } from '../domain/health-warning';
import { isExitNodeUp } from '../domain/judgement';
import { isBlind, type OwnState, ownTexts } from '../domain/own-device';
import { say } from '../domain/said';
import { isForgotten } from '../domain/watched';
import { DAY, MINUTE, SECOND } from '../util/time';
import type { Facts, JudgedDevice } from './facts';
import { AT_ONCE, aboutDevice, instantIn, limit, line, NO_DEVICE, stateOf, text } from './reading';

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
      ({ title, evidence, ...announcement }): Reading => ({
        ...AT_ONCE,
        ...announcement,
        state: 'bad',
        severity: 'info',
        texts: () => ({ title, evidence }),
      }),
    ),
  ];
}

/** What only a person can end, by a login or in the admin console. */
const NEEDS_PERSON: ReadonlySet<OwnState> = new Set([
  'logged_out',
  'key_expired',
  'needs_approval',
]);

/**
 * Reports several topics, since a tailscaled that does not answer, one that has no connection and one that is logged
 * out have different remedies: the second is news after the first.
 */
function ownReadings({ own }: Facts): Reading[] {
  if (!own) return [];
  const { state, settled } = own;
  const { reason, remedy } = ownTexts(own);
  const evidence = state === 'ok' ? [] : [line('alertTexts.remedy', { said: remedy })];
  const about = { ...AT_ONCE, ...NO_DEVICE, severity: 'critical' as const };
  const isAway = state === 'unreachable';
  const needsPerson = NEEDS_PERSON.has(state);
  const ofOwn = (topic: string, isIt: boolean): Reading => ({
    ...about,
    rule: 'own_device',
    topic,
    state: stateOf(isIt && settled, state === 'ok'),
    texts: () => ({ title: reason, evidence }),
    raiseAfterMs: OWN_AFTER_MS,
  });
  return [
    ofOwn('own_device', state !== 'ok' && !isAway && !needsPerson),
    ofOwn('own_device_login', needsPerson),
    {
      ...about,
      rule: 'tailscaled_unreachable',
      topic: 'tailscaled',
      state: isAway ? 'bad' : 'good',
      texts: () => ({
        title: say('alertTexts.tailscaledAway'),
        evidence: isAway ? [line('alertTexts.problem', { said: reason })] : [],
      }),
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
  return [
    {
      ...AT_ONCE,
      ...aboutDevice(device),
      rule: 'key_expiring',
      topic: `key_expiring_${id}`,
      state: expired || expiring ? 'bad' : 'good',
      severity: expired ? 'critical' : 'warning',
      texts: () => {
        const never = text(expired ? 'alertTexts.notKnown' : 'alertTexts.never');
        const when = keyExpiry === null ? never : instantIn(zone, keyExpiry);
        const warning = { duration: { duration: KEY_WARNING_MS } };
        const left = { duration: (keyExpiry ?? now) - now };
        return {
          title: expired
            ? say('alertTexts.keyExpired', { device: name })
            : say('alertTexts.keyExpires', { device: name, duration: left }),
          evidence: [line('alertTexts.keyExpiry', when), limit('alertTexts.beforeIt', warning)],
        };
      },
    },
  ];
}

function exitNodeReading({ exitNode, devices, own }: Facts): Reading[] {
  if (!exitNode || !own || isBlind(own.state)) return [];
  const judged = devices?.find(({ device }) => device.id === exitNode.id)?.judgement;
  const isUp = isExitNodeUp(exitNode, judged ?? null);
  return [
    {
      ...AT_ONCE,
      ...aboutDevice(exitNode),
      rule: 'exit_node_lost',
      topic: `exit_node_${exitNode.id}`,
      state: isUp ? 'good' : 'bad',
      severity: 'critical',
      texts: () => ({
        title: say('alertTexts.exitNodeOffline', { device: exitNode.name }),
        evidence: [
          line('alertTexts.exitNode', text(isUp ? 'alertTexts.isOnline' : 'alertTexts.isOffline')),
          line('alertTexts.remedy', text('alertTexts.otherExitNode')),
        ],
      }),
      raiseAfterMs: EXIT_NODE_AFTER_MS,
    },
  ];
}

function routeReadings({ routes, devices, former }: Facts): Reading[] {
  if (!devices) return [];
  const names = new Map(devices.map(({ device }) => [device.id, device.name]));
  return Object.entries(routes).map(([subnet, { nodeId, lostAt }]): Reading => {
    const name = names.get(nodeId) ?? former[nodeId]?.name ?? nodeId;
    return {
      ...AT_ONCE,
      ...NO_DEVICE,
      rule: 'route_lost',
      topic: `route_${subnet}`,
      state: lostAt === null ? 'good' : 'bad',
      severity: 'critical',
      texts: () => ({
        title: say('alertTexts.routeLost', { subnet }),
        evidence: [line(lostAt === null ? 'alertTexts.routedBy' : 'alertTexts.lastRoutedBy', name)],
      }),
      raiseAfterMs: ROUTE_AFTER_MS,
    };
  });
}

function healthReadings({ health }: Facts): Reading[] {
  return healthWarnings(health ?? [])
    .filter(({ code }) => !NO_TROUBLE.has(code))
    .map(
      ({ code, key, text: warning }): Reading => ({
        ...AT_ONCE,
        ...NO_DEVICE,
        rule: 'tailscaled_health',
        topic: `health_${key}`,
        state: 'bad',
        severity: 'warning',
        texts: () => ({
          title: say('alertTexts.healthWarning'),
          evidence: [
            line('alertTexts.warning', warning),
            ...(code === 'other' ? [] : [line('alertTexts.code', code)]),
          ],
        }),
        raiseAfterMs: HEALTH_AFTER_MS,
      }),
    );
}
