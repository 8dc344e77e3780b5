import { DEFAULT_THRESHOLDS, type Facts, type JudgedDevice, type Round } from '../alerts/facts';
import { readings } from '../alerts/rules';
import type { Alert, AlertRule } from '../domain/alert';
import { keptTexts } from '../domain/alert-texts';
import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import { judge } from '../domain/judgement';
import type { TimeZone } from '../domain/time-zone';
import { demoStatus } from '../tailscale/demo';
import { type DemoNode, demoNodes } from '../tailscale/demo-nodes';
import { HOUR, MINUTE } from '../util/time';
import { roundAt } from './rounds';

const OWN = { state: 'ok', reason: '', remedy: '', since: 0, settled: true } as const;
/** The outages of a device that is on and off at noon. */
const OUTAGES = { count: 6, windowMs: HOUR, quietForMs: 5 * MINUTE, isRepeated: true };
const NO_OUTAGES = { count: 0, windowMs: HOUR, quietForMs: null, isRepeated: false };

/** A time in which a rule found something wrong with a device. `to`: `null` while it lasts. */
type Trouble = { rule: AlertRule; node: DemoNode; from: number; to: number | null };

/**
 * Returns the alerts that the rules would have raised over these rounds, oldest first, with the words of the rules
 * themselves. `rounds` are of all devices at one time, in order; the last ones are those of `now`.
 */
export function alertsOf(
  rounds: Iterable<readonly Connection[]>,
  now: number,
  zone: TimeZone,
): Alert[] {
  return [...troublesOf(rounds), keyTrouble(now)]
    .flatMap((trouble) => alertOf(trouble, now, zone) ?? [])
    .sort((a, b) => a.since - b.since)
    .map((alert, index) => ({ ...alert, id: index + 1 }));
}

/** A trouble that has had a pause of at most this long continues: a device that is on and off has one. */
const PAUSE = 35 * MINUTE;

function troublesOf(rounds: Iterable<readonly Connection[]>): Trouble[] {
  const troubles: Trouble[] = [];
  const open = new Map<string, Trouble & { last: number; outages: number; wasUp: boolean }>();
  let time = 0;
  for (const round of rounds) {
    for (const connection of round) {
      time = connection.time;
      const node = demoNodes.find(({ id }) => id === connection.nodeId);
      if (!node) continue;
      for (const rule of ['offline', 'relayed', 'latency'] as const) {
        const key = `${rule} ${node.id}`;
        const isBad = isTrouble(rule, connection);
        const trouble = open.get(key);
        if (isBad && trouble) {
          if (trouble.wasUp) trouble.outages++;
          trouble.last = time;
        } else if (isBad) {
          const begun = { rule, node, from: time, to: null, last: time, outages: 1, wasUp: false };
          open.set(key, begun);
        } else if (trouble && time - trouble.last > PAUSE) {
          open.delete(key);
          troubles.push(ended(trouble));
        }
        if (trouble) trouble.wasUp = !isBad;
      }
    }
  }
  for (const trouble of open.values()) {
    troubles.push(trouble.last === time ? { ...trouble, to: null } : ended(trouble));
  }
  return troubles;
}

const isTrouble = (rule: AlertRule, { connectionType, latencyAvg }: Connection) =>
  rule === 'offline'
    ? connectionType === 'offline'
    : rule === 'relayed'
      ? connectionType === 'relay'
      : latencyAvg !== null && latencyAvg > DEFAULT_THRESHOLDS.latencyMs;

const ended = (trouble: Trouble & { last: number; outages: number }): Trouble => ({
  ...trouble,
  rule: trouble.rule === 'offline' && trouble.outages >= 2 ? 'unstable' : trouble.rule,
  to: trouble.last + 10 * MINUTE,
});

/** The device whose key is about to expire. */
function keyTrouble(now: number): Trouble {
  const days = (node: DemoNode) => node.keyDays ?? Number.POSITIVE_INFINITY;
  const [node] = demoNodes.toSorted((a, b) => days(a) - days(b));
  if (!node) throw new Error('the demo has no devices');
  return { rule: 'key_expiring', node, from: now - 20 * HOUR, to: null };
}

function alertOf({ rule, node, from, to }: Trouble, now: number, zone: TimeZone): Alert | null {
  const firedAt = from + DEFAULT_THRESHOLDS.offlineAfterMs;
  const facts = { ...factsAt(node, firedAt, rule, now), zone };
  const fresh = { rounds: new Set([node.id]), jobs: new Set<string>() };
  const reading = readings(facts, fresh).find(
    (one) => one.rule === rule && one.nodeId === node.id && one.state === 'bad',
  );
  if (!reading) return null;
  const { topic, nodeId, hostname, severity } = reading;
  return {
    ...{ id: 0, rule, topic, nodeId, hostname, severity, ...keptTexts(reading.texts()) },
    state: to === null ? 'firing' : 'resolved',
    since: from,
    firedAt,
    resolvedAt: to,
    acknowledgedAt: null,
    acknowledgedBy: null,
  };
}

function factsAt(node: DemoNode, time: number, rule: AlertRule, now: number): Omit<Facts, 'zone'> {
  const devices = demoStatus(time).devices.filter(({ id }) => id === node.id);
  const connection = roundAt(node, time, now);
  const lastAnswered = roundAt(node, time - 2 * HOUR, now);
  const { endpoint } = node;
  const round: Round = {
    connection,
    pings: null,
    lastDirect: { time: time - 2 * HOUR, endpoint },
    lastAnswered,
    usual: null,
  };
  return {
    ...{ now: time, elapsed: time, own: OWN, rounds: [round], exitNode: null },
    ...{ routes: {}, former: {} },
    devices: devices.map((device) => judged(device, connection, rule, time)),
    ...{ announcements: [], health: null, jobs: [], quota: null, budgets: null, models: [] },
    thresholds: DEFAULT_THRESHOLDS,
  };
}

function judged(
  device: Device,
  connection: Connection,
  rule: AlertRule,
  time: number,
): JudgedDevice {
  const { offlineAfterMs } = DEFAULT_THRESHOLDS;
  const lastAnswered = time - offlineAfterMs;
  const by = {
    own: OWN,
    watched: true,
    evidence: { connection, lastAnswered },
    since: lastAnswered,
  };
  return {
    device,
    judgement: judge(device, {
      ...by,
      ...{ relaySeenTwice: true, answersUnlisted: false, uplinkProven: true, refused: false },
    }),
    forMs: offlineAfterMs,
    critical: true,
    unmissed: null,
    outages: rule === 'unstable' ? OUTAGES : NO_OUTAGES,
  };
}
