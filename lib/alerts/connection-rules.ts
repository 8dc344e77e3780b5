import type { Evidence, Reading } from '../domain/alert';
import { formatInstant, formatLatency, formatShare } from '../domain/format';
import type { TimeZone } from '../domain/time-zone';
import type { Facts, Fresh, JudgedDevice, Round } from './facts';
import { thresholdsFor } from './facts';
import { aboutDevice, limit, pathText, stateOf } from './reading';

/** A round has to be confirmed by the next one. */
const CONFIRMED = { raiseRounds: 2, raiseAfterMs: 0 };
/** A latency outside a narrow band by less than this goes unnoticed, so it is not unusual. */
const NOTICED_MS = 2;
const NOTICED_SHARE = 0.2;

/**
 * Applies the rules about the connections of critical devices: latency, loss, relay. They give no readings while a
 * device is not online.
 */
export function connectionReadings(facts: Facts, fresh: Fresh): Reading[] {
  const byId = new Map(facts.devices?.map((judged) => [judged.device.id, judged]));
  return facts.rounds.flatMap((round) => {
    const { nodeId } = round.connection;
    const judged = byId.get(nodeId);
    const isNews = fresh.rounds.has(nodeId) && judged?.judgement.presence === 'online';
    return isNews && judged.critical && judged.unmissed === null
      ? roundReadings(round, judged, facts)
      : [];
  });
}

function roundReadings(round: Round, { device }: JudgedDevice, facts: Facts): Reading[] {
  const { connectionType, latencyAvg, sent, received } = round.connection;
  // Without an answer there is no path and no latency to judge.
  if (connectionType === 'unknown' || connectionType === 'offline' || received === 0) return [];
  const limits = thresholdsFor(facts.thresholds, device);
  const evidence = roundEvidence(round, facts.zone);
  const about = { ...aboutDevice(device), severity: 'warning' as const, evidence, ...CONFIRMED };
  const readings: Reading[] = [];
  if (latencyAvg !== null) {
    readings.push({
      ...about,
      rule: 'latency',
      topic: `latency_${device.id}`,
      state: stateOf(latencyAvg > limits.latencyMs, latencyAvg < limits.latencyClearMs),
      title: `High latency to ${device.name}: ${formatLatency(latencyAvg)}`,
      evidence: [
        ...evidence,
        limit(
          `${formatLatency(limits.latencyMs)}, over below ${formatLatency(limits.latencyClearMs)}`,
        ),
      ],
      clearRounds: 2,
    });
  }
  if (latencyAvg !== null && round.usual !== null) {
    readings.push(unusualReading(round, round.usual, device, latencyAvg > limits.latencyMs));
  }
  const loss = 1 - received / sent;
  readings.push({
    ...about,
    rule: 'packet_loss',
    topic: `packet_loss_${device.id}`,
    state: stateOf(atLeast(loss, limits.lossRaise), atLeast(limits.lossClear, loss)),
    title: `Packet loss to ${device.name}: ${formatShare(loss)}`,
    evidence: [
      ...evidence,
      limit(`${formatShare(limits.lossRaise)}, over at ${formatShare(limits.lossClear)}`),
    ],
    clearRounds: 2,
  });
  const relayed = connectionType === 'relay';
  readings.push({
    ...about,
    rule: 'relayed',
    topic: `relay_${device.id}`,
    // A device that was never seen to go direct has lost nothing.
    state: stateOf(relayed && round.lastDirect !== null, !relayed),
    title: `${device.name} is relayed: it is no longer connected directly`,
    evidence: relayed ? relayEvidence(round, facts.zone) : evidence,
    clearRounds: 1,
  });
  return readings;
}

/** Reports a device that is slower than usual for it at this time of day, though not slow by the fixed threshold. */
function unusualReading(
  { connection }: Round,
  { meanMs, expectedMs, lowMs, highMs }: NonNullable<Round['usual']>,
  device: JudgedDevice['device'],
  isSlow: boolean,
): Reading {
  const over = meanMs - expectedMs;
  const noticed = over >= NOTICED_MS && over >= NOTICED_SHARE * expectedMs;
  const unusual = meanMs > highMs && noticed;
  const usual = `${formatLatency(lowMs)} to ${formatLatency(highMs)}`;
  return {
    ...aboutDevice(device),
    rule: 'latency_unusual',
    topic: `latency_unusual_${device.id}`,
    // What is slow by the fixed threshold has an alert of its own.
    state: stateOf(unusual && !isSlow, meanMs <= highMs),
    severity: 'info',
    title: `Unusual latency to ${device.name}: ${formatLatency(meanMs)}`,
    evidence: [
      { label: 'Last half hour', value: formatLatency(meanMs) },
      { label: 'Usual at this time', value: usual },
      { label: 'Path', value: pathText(connection) },
    ],
    raiseRounds: 3,
    raiseAfterMs: 0,
    clearRounds: 2,
  };
}

/** Returns whether `a` is at least `b`, allowing for rounding: 1 − 3/5 is slightly less than 0.4. */
const atLeast = (a: number, b: number) => a >= b - 1e-9;

function roundEvidence(round: Round, zone: TimeZone): Evidence {
  const evidence = [
    { label: 'Pings', value: pingsText(round) },
    { label: 'Path', value: pathText(round.connection) },
  ];
  const { lastAnswered } = round;
  if (!lastAnswered || pathText(lastAnswered) === pathText(round.connection)) return evidence;
  const before = `${pathText(lastAnswered)}, ${formatInstant(lastAnswered.time, zone)}`;
  return [...evidence, { label: 'Path before', value: before }];
}

/** Lists the pings of a round, one by one where they are known. */
export function pingsText({ connection, pings }: Pick<Round, 'connection' | 'pings'>): string {
  const { sent, received, latencyMin, latencyAvg, latencyMax } = connection;
  if (received === 0) return `none of ${sent} answered`;
  if (pings) return pings.map((ms) => (ms === null ? 'no answer' : formatLatency(ms))).join(', ');
  const range = [latencyMin, latencyAvg, latencyMax].map(formatLatency).join(' / ');
  return `${received} of ${sent} answered, ${range} (min / avg / max)`;
}

function relayEvidence(round: Round, zone: TimeZone): Evidence {
  const { lastDirect, connection } = round;
  const at = lastDirect?.endpoint ? ` (${lastDirect.endpoint})` : '';
  return [
    { label: 'Pings', value: pingsText(round) },
    { label: 'Path', value: pathText(connection) },
    ...(lastDirect
      ? [
          {
            label: 'Path before',
            value: `direct${at}, until ${formatInstant(lastDirect.time, zone)}`,
          },
        ]
      : []),
  ];
}
