import type { AlertSaid, Reading } from '../domain/alert';
import { say } from '../domain/said';
import type { TimeZone } from '../domain/time-zone';
import { MINUTE } from '../util/time';
import { pingsText } from './connection-rules';
import { type Facts, type JudgedDevice, type Round, thresholdsFor } from './facts';
import { AT_ONCE, aboutDevice, instantIn, limit, line, pathAt, pathText, text } from './reading';

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
  return {
    ...aboutDevice(device),
    rule: 'offline',
    topic: `offline_${device.id}`,
    state: isDown ? 'bad' : 'good',
    severity: 'critical',
    texts: () => {
      const title = say('alertTexts.offline', { device: device.name });
      if (!isDown) return { title, evidence: upEvidence(judged) };
      const after = limit('alertTexts.offlineFor', { duration: { duration: offlineAfterMs } });
      return { title, evidence: [...downEvidence(judged, round, facts.zone), after] };
    },
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
): AlertSaid['evidence'] {
  const { presence, lastSeen } = judgement;
  const evidence = [
    line(
      'alertTexts.status',
      text(presence === 'not_answering' ? 'alertTexts.notAnswering' : 'alertTexts.isOffline'),
    ),
    line(
      'alertTexts.lastSeen',
      lastSeen === null ? text('alertTexts.neverSeen') : instantIn(zone, lastSeen),
    ),
  ];
  if (round?.connection.received === 0) evidence.push(line('alertTexts.pings', pingsText(round)));
  const before = round?.connection.received ? round.connection : round?.lastAnswered;
  if (before) {
    const list = [pathText(before), instantIn(zone, before.time)];
    evidence.push(line('alertTexts.pathBefore', { list }));
  }
  return evidence;
}

function upEvidence({ judgement }: JudgedDevice): AlertSaid['evidence'] {
  const { path, endpoint, seenByControl } = judgement;
  const listed = line('alertTexts.coordination', text('alertTexts.listedOffline'));
  return [line('alertTexts.pathLabel', pathAt(path, endpoint)), ...(seenByControl ? [] : [listed])];
}

/** Reports a device that repeatedly goes and comes once, instead of every time. */
function unstableReading(judged: JudgedDevice, facts: Facts): Reading {
  const { device, judgement, forMs, outages } = judged;
  const isDown = judgement.presence !== 'online';
  const { offlineAfterMs } = thresholdsFor(facts.thresholds, device);
  const isAgain = isDown && outages.isRepeated && forMs !== null && forMs >= offlineAfterMs;
  const window = { duration: outages.windowMs };
  const often = outages.count >= UNSTABLE_OUTAGES;
  const isStable = outages.quietForMs === null || outages.quietForMs >= STABLE_AFTER_MS;
  return {
    ...AT_ONCE,
    ...aboutDevice(device),
    rule: 'unstable',
    topic: `unstable_${device.id}`,
    state: isStable ? 'good' : often || isAgain ? 'bad' : 'between',
    severity: 'critical',
    texts: () => ({
      title: say('alertTexts.unstable', {
        ...{ device: device.name, count: outages.count, window },
      }),
      evidence: [
        line('alertTexts.state', text(isDown ? 'alertTexts.isOffline' : 'alertTexts.isOnline')),
        line('alertTexts.wentOffline', text('alertTexts.times', { count: outages.count })),
        limit('alertTexts.timesIn', { count: UNSTABLE_OUTAGES, window }),
      ],
    }),
  };
}
