import type { Reading } from '../domain/alert';
import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import { formatInstant, formatLatency, formatShare } from '../domain/format';
import { type Facts, type Fresh, type Round, thresholdsFor } from './facts';

/** A round has to be confirmed by the next one. */
const CONFIRMED = { raiseRounds: 2, raiseAfterMs: 0 };
/** Outside a narrow band, but by so little that nobody would notice, is not unusual. */
const NOTICED_MS = 2;
const NOTICED_SHARE = 0.2;

/** The rules about critical nodes: latency, loss, relay, offline. Only what pings have shown is judged by its path. */
export function connectionReadings(facts: Facts, fresh: Fresh): Reading[] {
  const news = facts.rounds.filter((round) => fresh.rounds.has(round.connection.nodeId));
  return [
    ...news.flatMap((round) => answeredReadings(round, facts)),
    ...news.flatMap((round) => pingedOffline(round, facts)),
    ...statusOffline(facts, fresh),
  ];
}

function answeredReadings(round: Round, facts: Facts): Reading[] {
  const { connection } = round;
  const { hostname, connectionType, latencyAvg, sent, received } = connection;
  // Without an answer there is no path and no latency to judge; that the node is silent is the offline rule's to say.
  if (connectionType === 'unknown' || connectionType === 'offline' || received === 0) return [];
  const limits = thresholdsFor(facts.thresholds, hostname);
  const evidence = [
    { label: 'Pings', value: pingsOf(round) },
    { label: 'Path', value: pathOf(connection) },
  ];
  const before = earlierPath(round);
  if (before) evidence.push({ label: 'Path before', value: before });
  const about = { ...nodeOf(connection), severity: 'warning' as const, evidence, ...CONFIRMED };
  const readings: Reading[] = [];
  if (latencyAvg !== null) {
    readings.push({
      ...about,
      rule: 'latency',
      topic: `latency_${hostname}`,
      state: stateOf(latencyAvg > limits.latencyMs, latencyAvg < limits.latencyClearMs),
      title: `High latency to ${hostname}: ${formatLatency(latencyAvg)}`,
      clearRounds: 2,
    });
  }
  if (latencyAvg !== null && round.usual !== null) {
    readings.push(unusualReading(connection, round.usual, latencyAvg > limits.latencyMs));
  }
  const loss = 1 - received / sent;
  readings.push({
    ...about,
    rule: 'packet_loss',
    topic: `packet_loss_${hostname}`,
    state: stateOf(atLeast(loss, limits.lossRaise), atLeast(limits.lossClear, loss)),
    title: `Packet loss to ${hostname}: ${formatShare(loss)}`,
    clearRounds: 2,
  });
  const relayed = connectionType === 'relay';
  readings.push({
    ...about,
    rule: 'relayed',
    topic: `relay_${hostname}`,
    // One that was never seen to go direct has lost nothing.
    state: stateOf(relayed && round.lastDirect !== null, !relayed),
    title: `${hostname} is relayed: no longer a direct connection`,
    evidence: relayed ? relayEvidence(round) : evidence,
    clearRounds: 1,
  });
  return readings;
}

/** Slower than this node usually is at this time of day, though below what is slow for any node. */
function unusualReading(
  connection: Connection,
  { meanMs, expectedMs, lowMs, highMs }: NonNullable<Round['usual']>,
  isSlow: boolean,
): Reading {
  const over = meanMs - expectedMs;
  const noticed = over >= NOTICED_MS && over >= NOTICED_SHARE * expectedMs;
  const unusual = meanMs > highMs && noticed;
  return {
    ...nodeOf(connection),
    rule: 'latency_unusual',
    topic: `latency_unusual_${connection.hostname}`,
    // What is slow for any node has an alert of its own.
    state: stateOf(unusual && !isSlow, meanMs <= highMs),
    severity: 'info',
    title: `Unusual latency to ${connection.hostname}: ${formatLatency(meanMs)}`,
    evidence: [
      { label: 'Last half hour', value: formatLatency(meanMs) },
      {
        label: 'Usual at this time',
        value: `${formatLatency(lowMs)} to ${formatLatency(highMs)}`,
      },
      { label: 'Path', value: pathOf(connection) },
    ],
    raiseRounds: 3,
    raiseAfterMs: 0,
    clearRounds: 2,
  };
}

function pingedOffline(round: Round, facts: Facts): Reading[] {
  const { connection } = round;
  if (!facts.criticalNodeIds.has(connection.nodeId)) return [];
  if (connection.connectionType === 'unknown') return [];
  const offline = connection.connectionType === 'offline';
  const before = earlierPath(round);
  const evidence = [{ label: 'Pings', value: pingsOf(round) }];
  if (offline && before) evidence.push({ label: 'Path before', value: before });
  if (!offline) evidence.push({ label: 'Path', value: pathOf(connection) });
  return [offlineReading(connection, offline ? 'bad' : 'good', evidence, facts)];
}

/**
 * Between rounds the status says who is gone, so that an alert need not wait for the next one. It never says that a node
 * is back whose last round had no answer: one that is listed online and answers no ping is not back.
 */
function statusOffline(facts: Facts, fresh: Fresh): Reading[] {
  const lastRound = new Map(facts.rounds.map(({ connection }) => [connection.nodeId, connection]));
  return (facts.devices ?? []).flatMap((device) => {
    if (device.self || !facts.criticalNodeIds.has(device.id) || fresh.rounds.has(device.id)) {
      return [];
    }
    const believed = lastRound.get(device.id)?.connectionType !== 'offline';
    if (device.online && !believed) return [];
    const seen = device.lastSeen === null ? 'never seen' : `seen ${formatInstant(device.lastSeen)}`;
    const evidence = [{ label: 'Status', value: device.online ? 'online' : `offline, ${seen}` }];
    return [offlineReading(device, device.online ? 'good' : 'bad', evidence, facts)];
  });
}

function offlineReading(
  node: Connection | Device,
  state: 'bad' | 'good',
  evidence: Reading['evidence'],
  facts: Facts,
): Reading {
  return {
    ...nodeOf(node),
    rule: 'offline',
    topic: `offline_${node.hostname}`,
    state,
    severity: 'critical',
    title: `${node.hostname} is offline`,
    evidence,
    raiseRounds: 1,
    raiseAfterMs: thresholdsFor(facts.thresholds, node.hostname).offlineAfterMs,
    clearRounds: 1,
  };
}

const nodeOf = (node: Connection | Device) => ({
  nodeId: 'nodeId' in node ? node.nodeId : node.id,
  hostname: node.hostname,
});

const stateOf = (bad: boolean, good: boolean): Reading['state'] =>
  bad ? 'bad' : good ? 'good' : 'between';

/** Whether `a` is at least `b`, for shares that were divided: 1 − 3/5 is a little less than 0.4. */
const atLeast = (a: number, b: number) => a >= b - 1e-9;

function pingsOf({ connection, pings }: Round): string {
  const { sent, received, latencyMin, latencyAvg, latencyMax } = connection;
  if (received === 0) return `no answer to ${sent}`;
  if (pings) return pings.map((ms) => (ms === null ? 'no answer' : formatLatency(ms))).join(', ');
  const range = [latencyMin, latencyAvg, latencyMax].map(formatLatency).join(' / ');
  return `${received} of ${sent} answered, ${range} (min / avg / max)`;
}

function relayEvidence(round: Round): Reading['evidence'] {
  const { lastDirect, connection } = round;
  const at = lastDirect?.endpoint ? ` (${lastDirect.endpoint})` : '';
  return [
    { label: 'Pings', value: pingsOf(round) },
    { label: 'Path', value: pathOf(connection) },
    ...(lastDirect
      ? [{ label: 'Path before', value: `direct${at}, until ${formatInstant(lastDirect.time)}` }]
      : []),
  ];
}

function earlierPath({ lastAnswered }: Round): string | null {
  if (!lastAnswered) return null;
  return `${pathOf(lastAnswered)}, ${formatInstant(lastAnswered.time)}`;
}

/** A path in words: `direct (192.0.2.1:41641)`, `peer relay (…)`, `relay (DERP fra)`. */
function pathOf({
  connectionType,
  relayNode,
  endpoint,
}: Pick<Connection, 'connectionType' | 'relayNode' | 'endpoint'>): string {
  if (connectionType === 'relay')
    return relayNode === 'none' ? 'relay' : `relay (DERP ${relayNode})`;
  const name = connectionType === 'peer_relay' ? 'peer relay' : connectionType;
  return endpoint ? `${name} (${endpoint})` : name;
}
