import type { Finding } from '../domain/finding';
import { type Said, say, verbatim } from '../domain/said';
import type { AccessLogService } from '../services';
import type { SenderState } from '../store/ports/spool';
import type { Snapshot } from './snapshot';

/** A collector that has been reached, with its last snapshot. */
export type Seen = { name: string; snapshot: Snapshot };

const MOST_SAMPLES = 20;

/** Returns the access logs of several collectors as one. */
export function accessLogOf(seen: readonly Seen[]): AccessLogService {
  const snapshots = seen.map(({ snapshot }) => snapshot);
  const states = snapshots.map(({ ingest }) => ingest.state);
  const patterns = snapshots.flatMap(({ accessLog }) => accessLog.pattern ?? []);
  return {
    pattern: patterns.length > 0 ? patterns.join(', ') : null,
    countNonTailnet: snapshots.some(({ accessLog }) => accessLog.countNonTailnet),
    state: {
      files: states.flatMap(({ files }) => files),
      problems: states.flatMap(({ problems }) => problems),
      hits: sum(states.map(({ hits }) => hits)),
      lastHit: states.reduce<number | null>(
        (last, { lastHit }) => (lastHit === null ? last : Math.max(last ?? 0, lastHit)),
        null,
      ),
    },
    ...storeErrorOf(seen),
    sender: senderOf(seen),
    rejected: async () => ({
      total: sum(snapshots.map(({ rejected }) => rejected.total)),
      samples: snapshots
        .flatMap(({ rejected }) => rejected.samples)
        .sort((a, b) => b.time - a.time)
        .slice(0, MOST_SAMPLES),
    }),
    findings: async () =>
      seen.flatMap(({ name, snapshot: { findings } }) =>
        findings.map((finding) => (seen.length > 1 ? namedAfter(name, finding) : finding)),
      ),
  };
}

/** Returns a finding that names the collector whose log it is about. */
function namedAfter(name: string, finding: Finding): Finding {
  const { said } = finding;
  const title = say('doctor.ofCollector', {
    title: said ? { said: said.title } : finding.title,
    name,
  });
  return { ...finding, title: title.text, said: said && { ...said, title } };
}

function storeErrorOf(seen: readonly Seen[]) {
  const storeErrorSaid = firstOf(seen, ({ ingest }) =>
    wordsOf(ingest.storeError, ingest.storeErrorSaid),
  );
  return { storeError: storeErrorSaid?.text ?? null, storeErrorSaid };
}

function senderOf(seen: readonly Seen[]): SenderState | null {
  const senders = seen.flatMap(({ snapshot }) => snapshot.ingest.sender ?? []);
  if (senders.length === 0) return null;
  const earliest = (of: (sender: SenderState) => number | null) =>
    senders.flatMap((sender) => of(sender) ?? []).sort((a, b) => a - b)[0] ?? null;
  const errorSaid = firstOf(seen, ({ ingest: { sender } }) =>
    wordsOf(sender?.error, sender?.errorSaid),
  );
  return {
    points: sum(senders.map(({ points }) => points)),
    bytes: sum(senders.map(({ bytes }) => bytes)),
    oldest: earliest(({ oldest }) => oldest),
    error: errorSaid?.text ?? null,
    errorSaid,
    failingSince: earliest(({ failingSince }) => failingSince),
    rejected: sum(senders.map(({ rejected }) => rejected)),
    lastRejected: senders.find(({ lastRejected }) => lastRejected)?.lastRejected ?? null,
    sent: sum(senders.map(({ sent }) => sent)),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

const wordsOf = (text: string | null | undefined, said: Said | undefined) =>
  text ? (said ?? verbatim(text)) : null;

/** Returns the message of the first collector with such a fault, prefixed with its name. */
function firstOf(
  seen: readonly Seen[],
  fault: (snapshot: Snapshot) => Said | null,
): Said | undefined {
  for (const { name, snapshot } of seen) {
    const error = fault(snapshot);
    if (error) return say('stores.ofCollector', { name, error: { said: error } });
  }
  return undefined;
}
