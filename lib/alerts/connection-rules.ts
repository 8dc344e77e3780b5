import type { AlertSaid, Reading } from '../domain/alert';
import { type SaidValue, say } from '../domain/said';
import type { TimeZone } from '../domain/time-zone';
import type { Facts, Fresh, JudgedDevice, Round } from './facts';
import { thresholdsFor } from './facts';
import { aboutDevice, instantIn, limit, line, pathAt, pathText, stateOf, text } from './reading';

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
  const evidence = (...more: AlertSaid['evidence']) => [
    ...roundEvidence(round, facts.zone),
    ...more,
  ];
  const about = { ...aboutDevice(device), severity: 'warning' as const, ...CONFIRMED };
  const readings: Reading[] = [];
  if (latencyAvg !== null) {
    readings.push({
      ...about,
      rule: 'latency',
      topic: `latency_${device.id}`,
      state: stateOf(latencyAvg > limits.latencyMs, latencyAvg < limits.latencyClearMs),
      texts: () => ({
        title: say('alertTexts.latency', { device: device.name, latency: { latency: latencyAvg } }),
        evidence: evidence(
          limit('alertTexts.overBelow', {
            ...{ limit: { latency: limits.latencyMs }, clear: { latency: limits.latencyClearMs } },
          }),
        ),
      }),
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
    texts: () => ({
      title: say('alertTexts.loss', { device: device.name, share: { share: loss } }),
      evidence: evidence(
        limit('alertTexts.overAt', {
          ...{ limit: { share: limits.lossRaise }, clear: { share: limits.lossClear } },
        }),
      ),
    }),
    clearRounds: 2,
  });
  const relayed = connectionType === 'relay';
  readings.push({
    ...about,
    rule: 'relayed',
    topic: `relay_${device.id}`,
    // A device that was never seen to go direct has lost nothing.
    state: stateOf(relayed && round.lastDirect !== null, !relayed),
    texts: () => ({
      title: say('alertTexts.relayed', { device: device.name }),
      evidence: relayed ? relayEvidence(round, facts.zone) : evidence(),
    }),
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
  return {
    ...aboutDevice(device),
    rule: 'latency_unusual',
    topic: `latency_unusual_${device.id}`,
    // What is slow by the fixed threshold has an alert of its own.
    state: stateOf(unusual && !isSlow, meanMs <= highMs),
    severity: 'info',
    texts: () => {
      const latency = { latency: meanMs };
      const band = { low: { latency: lowMs }, high: { latency: highMs } };
      return {
        title: say('alertTexts.latencyUnusual', { device: device.name, latency }),
        evidence: [
          line('alertTexts.lastHalfHour', latency),
          line('alertTexts.usualNow', text('alertTexts.usual', band)),
          line('alertTexts.pathLabel', pathText(connection)),
        ],
      };
    },
    raiseRounds: 3,
    raiseAfterMs: 0,
    clearRounds: 2,
  };
}

/** Returns whether `a` is at least `b`, allowing for rounding: 1 − 3/5 is slightly less than 0.4. */
const atLeast = (a: number, b: number) => a >= b - 1e-9;

function roundEvidence(round: Round, zone: TimeZone): AlertSaid['evidence'] {
  const { lastAnswered } = round;
  if (!lastAnswered || isSamePath(lastAnswered, round.connection)) return pingsAndPath(round);
  const list = [pathText(lastAnswered), instantIn(zone, lastAnswered.time)];
  return [...pingsAndPath(round), line('alertTexts.pathBefore', { list })];
}

type Path = Parameters<typeof pathText>[0];

const isSamePath = (one: Path, other: Path) =>
  JSON.stringify(pathText(one)) === JSON.stringify(pathText(other));

const pingsAndPath = (round: Round): AlertSaid['evidence'] => [
  line('alertTexts.pings', pingsText(round)),
  line('alertTexts.pathLabel', pathText(round.connection)),
];

/** Lists the pings of a round, one by one where they are known. */
export function pingsText({ connection, pings }: Pick<Round, 'connection' | 'pings'>): SaidValue {
  const { sent, received, latencyMin, latencyAvg, latencyMax } = connection;
  if (received === 0) return text('alertTexts.noneAnswered', { sent });
  if (pings) {
    const list = pings.map((ms) => (ms === null ? text('alertTexts.noAnswer') : { latency: ms }));
    return { list };
  }
  return text('alertTexts.answered', {
    ...{ received, sent, min: { latency: latencyMin }, avg: { latency: latencyAvg } },
    max: { latency: latencyMax },
  });
}

function relayEvidence(round: Round, zone: TimeZone): AlertSaid['evidence'] {
  const { lastDirect } = round;
  if (!lastDirect) return pingsAndPath(round);
  const path = pathAt('direct', lastDirect.endpoint);
  const until = text('alertTexts.until', { path, time: instantIn(zone, lastDirect.time) });
  return [...pingsAndPath(round), line('alertTexts.pathBefore', until)];
}
