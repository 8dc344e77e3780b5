import type { Message, Notice } from '../domain/notice';
import type { WaitingNotice } from '../store/ports/notices';
import { MINUTE } from '../util/time';

type News = Message['news'];

/** More messages than this at once become one digest. */
const MOST_APART = 3;
/** The longest that a notice is held; a longer hold means that the clock was set back. */
const LONGEST_HOLD_MS = MINUTE;

/**
 * Returns the waiting notices that may be sent now. A topic that fires again waits until `topicEveryMs` after its last
 * message; a recovery whose firing was sent does not wait, and notices of one incident wait briefly for each other.
 */
export function dueNotices(
  waiting: readonly WaitingNotice[],
  now: number,
  topicEveryMs: number,
): WaitingNotice[] {
  const firing = new Set(
    waiting.flatMap(({ notice }) => (notice.kind === 'resolved' ? [] : [notice.alert.topic])),
  );
  const isRested = ({ notice, lastNotified }: WaitingNotice) => {
    if (notice.kind === 'resolved' && !firing.has(notice.alert.topic)) return true;
    // A clock that was set back must not suppress anything.
    return lastNotified === null || lastNotified > now || now - lastNotified >= topicEveryMs;
  };
  const rested = waiting.filter(isRested);
  const released = new Set(
    rested.flatMap(({ notice }) => (isReleased(notice, now) ? [incidentOf(notice)] : [])),
  );
  return rested.filter(({ notice }) => released.has(incidentOf(notice)));
}

function isReleased({ together }: Notice, now: number): boolean {
  if (!together) return true;
  return together.holdUntil <= now || together.holdUntil - now > LONGEST_HOLD_MS;
}

/** Returns waiting notices that a due one makes superfluous: an outage of a device that has become unstable. */
export function absorbedNotices(
  waiting: readonly WaitingNotice[],
  due: readonly WaitingNotice[],
): WaitingNotice[] {
  const unstable = new Set(
    due.flatMap(({ notice: { kind, alert } }) =>
      alert.rule === 'unstable' && kind === 'fired' ? [alert.nodeId] : [],
    ),
  );
  return waiting.filter(
    ({ notice: { alert } }) => alert.rule === 'offline' && unstable.has(alert.nodeId),
  );
}

/** What a notice is sent with: its incident, or only its topic. */
const incidentOf = ({ together, alert }: Notice) => together?.incident ?? alert.topic;

/** Groups the news into messages: one per incident, or a single one when there would be many, or `asOne` asks for it. */
export function messagesOf(due: readonly WaitingNotice[], asOne = false): News[] {
  const groups = new Map<number | string, News>();
  for (const one of latestByTopic(due)) {
    const incident = incidentOf(one.notice);
    groups.set(incident, [...(groups.get(incident) ?? []), one]);
  }
  const apart = [...groups.values()];
  const isOne = apart.length > MOST_APART || (asOne && apart.length > 1);
  return isOne ? [apart.flat()] : apart;
}

function latestByTopic(due: readonly WaitingNotice[]): News {
  const news = new Map<string, News[number]>();
  for (const { notice } of due) {
    const { topic } = notice.alert;
    const earlier = news.get(topic);
    // Moved to the end: news goes out in the order it happened.
    news.delete(topic);
    news.set(topic, { notice, suppressed: earlier ? earlier.suppressed + 1 : 0 });
  }
  return [...news.values()];
}
