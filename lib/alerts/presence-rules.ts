import type { Evidence, Reading } from '../domain/alert';
import { formatDuration, formatInstant, formatQuantity } from '../domain/format';
import type { TimeZone } from '../domain/time-zone';
import { MINUTE } from '../util/time';
import { pingsText } from './connection-rules';
import { type Facts, type JudgedDevice, type Round, thresholdsFor } from './facts';
import { AT_ONCE, aboutDevice, limit, pathText } from './reading';

/** The number of outages within the window that makes a device unstable. */
const UNSTABLE_OUTAGES = 3;
/** A device that has not changed for this long is stable again. */
const STABLE_AFTER_MS = 15 * MINUTE;

/** Applies the rules about critical devices that are down, now or repeatedly. An unconfirmed state gives no reading. */
export function presenceReadings(facts: Facts): Reading[] {
  const rounds = new Map(facts.rounds.map((round) => [round.connection.nodeId, round]));
  return (facts.devices ?? []).flatMap((judged) => {
    const { device, judgement, critical, unmissed } = judged;
    if (device.self || !critical || unmissed !== null) return [];
    if (!judgement.confirmed || judgement.presence === 'unknown') return [];
    return [offlineReading(judged, rounds.get(device.id), facts), unstableReading(judged, facts)];
  });
}

function offlineReading(judged: JudgedDevice, round: Round | undefined, facts: Facts): Reading {
  const { device, judgement, forMs } = judged;
  const isDown = judgement.presence !== 'online';
  const { offlineAfterMs } = thresholdsFor(facts.thresholds, device);
  const after = limit(`offline for ${formatDuration(offlineAfterMs)}`);
  return {
    ...aboutDevice(device),
    rule: 'offline',
    topic: `offline_${device.id}`,
    state: isDown ? 'bad' : 'good',
    severity: 'critical',
    title: `${device.name} is offline`,
    evidence: isDown ? [...downEvidence(judged, round, facts.zone), after] : upEvidence(judged),
    badForMs: isDown ? (forMs ?? 0) : 0,
    raiseRounds: 1,
    raiseAfterMs: offlineAfterMs,
    clearRounds: 1,
  };
}

function downEvidence(
  { judgement }: JudgedDevice,
  round: Round | undefined,
  zone: TimeZone,
): Evidence {
  const listed =
    judgement.presence === 'not_answering'
      ? 'does not answer pings, though the coordination server lists it as online'
      : 'offline';
  const seen = judgement.lastSeen === null ? 'never seen' : formatInstant(judgement.lastSeen, zone);
  const evidence = [
    { label: 'Status', value: listed },
    { label: 'Last seen', value: seen },
  ];
  if (round?.connection.received === 0) {
    evidence.push({ label: 'Pings', value: pingsText(round) });
  }
  const before = round?.connection.received ? round.connection : round?.lastAnswered;
  if (before) {
    const value = `${pathText(before)}, ${formatInstant(before.time, zone)}`;
    evidence.push({ label: 'Path before', value });
  }
  return evidence;
}

function upEvidence({ judgement }: JudgedDevice): Evidence {
  const { path, endpoint, seenByControl } = judgement;
  const value = endpoint ? `${path.replace('_', ' ')} (${endpoint})` : path.replace('_', ' ');
  const listed = seenByControl
    ? []
    : [{ label: 'Coordination server', value: 'lists it as offline' }];
  return [{ label: 'Path', value }, ...listed];
}

/** Reports a device that repeatedly goes and comes once, instead of every time. */
function unstableReading(judged: JudgedDevice, facts: Facts): Reading {
  const { device, judgement, forMs, outages } = judged;
  const isDown = judgement.presence !== 'online';
  const { offlineAfterMs } = thresholdsFor(facts.thresholds, device);
  const isAgain = isDown && outages.isRepeated && forMs !== null && forMs >= offlineAfterMs;
  const often = outages.count >= UNSTABLE_OUTAGES;
  const isStable = outages.quietForMs === null || outages.quietForMs >= STABLE_AFTER_MS;
  const times = formatQuantity(outages.count, 'time');
  return {
    ...AT_ONCE,
    ...aboutDevice(device),
    rule: 'unstable',
    topic: `unstable_${device.id}`,
    state: isStable ? 'good' : often || isAgain ? 'bad' : 'between',
    severity: 'critical',
    title: `${device.name} is unstable: offline ${times} in ${formatDuration(outages.windowMs)}`,
    evidence: [
      { label: 'State', value: isDown ? 'offline' : 'online' },
      { label: 'Went offline', value: times },
      limit(`${UNSTABLE_OUTAGES} times in ${formatDuration(outages.windowMs)}`),
    ],
  };
}
