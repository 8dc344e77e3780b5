import type { Message, Notice } from '../domain/notice';
import type { WaitingNotice } from '../store/ports/notices';
import { MINUTE } from '../util/time';

type News = Message['news'];

/** More messages than this at once are one. */
const MOST_APART = 3;
/** No notice is held for longer; if it seems so, the clock was set back. */
const LONGEST_HOLD_MS = MINUTE;

/**
 * Those of the waiting notices that may be sent now. A topic that fires again waits until `topicEveryMs` after it did last;
 * the recovery of what has been sent waits for nothing, and what is of one incident for its others, for a moment.
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
    // A clock that was set back does not silence anything.
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

/** Waiting notices that say less than one that is due: an outage of a device that has become unstable. */
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

/** What a notice is sent with: its incident, or its topic alone. */
const incidentOf = ({ together, alert }: Notice) => together?.incident ?? alert.topic;

/** The news of each message: one per incident; all in one when there would be many. */
export function messagesOf(due: readonly WaitingNotice[]): News[] {
  const groups = new Map<number | string, News>();
  for (const one of latestByTopic(due)) {
    const incident = incidentOf(one.notice);
    groups.set(incident, [...(groups.get(incident) ?? []), one]);
  }
  const apart = [...groups.values()];
  return apart.length > MOST_APART ? [apart.flat()] : apart;
}

function latestByTopic(due: readonly WaitingNotice[]): News {
  const news = new Map<string, News[number]>();
  for (const { notice } of due) {
    const { topic } = notice.alert;
    const earlier = news.get(topic);
    // In the place of the latest: news goes out in the order it happened.
    news.delete(topic);
    news.set(topic, { notice, suppressed: earlier ? earlier.suppressed + 1 : 0 });
  }
  return [...news.values()];
}
