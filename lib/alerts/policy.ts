import { type AlertRoute, isQuiet, isRouted, type QuietHours } from '../domain/alert-route';
import type { Device } from '../domain/device';
import type { Notice } from '../domain/notice';
import type { TimeZone } from '../domain/time-zone';
import type { WaitingNotice } from '../store/ports/notices';

/** Which notices a channel sends, and when. */
export type Policy = {
  /** It sends what any of these is for; `null`: everything. */
  routes: readonly AlertRoute[] | null;
  quiet: readonly QuietHours[];
  zone: TimeZone;
  /** Returns `null` for a device that the tailnet does not know. */
  deviceOf(nodeId: string): Device | null;
};

/**
 * Returns the waiting notices that another channel is for. An end goes where its beginning went, whatever the hour and
 * the severity are by then.
 */
export function forOthers(
  waiting: readonly WaitingNotice[],
  { routes, zone, deviceOf }: Policy,
): WaitingNotice[] {
  if (routes === null) return [];
  const isFor = (notice: Notice) => {
    const { nodeId } = notice.alert;
    const device = nodeId === null ? null : deviceOf(nodeId);
    return routes.some((route) => isRouted(route, notice, device, zone));
  };
  const begun = new Set(
    waiting.flatMap(({ notice }) =>
      notice.kind !== 'resolved' && isFor(notice) ? [notice.alert.id] : [],
    ),
  );
  return waiting.filter(({ notice, lastNotified }) => {
    const { kind, alert } = notice;
    if (kind !== 'resolved') return !isFor(notice);
    const wasNotified = lastNotified !== null && lastNotified >= alert.since;
    return !wasNotified && !begun.has(alert.id);
  });
}

/** Returns the notices that may go out at a time, and whether one of them had to wait for it. */
export function awake(
  waiting: readonly WaitingNotice[],
  { quiet, zone }: Policy,
  now: number,
): { awake: WaitingNotice[]; hasWaited(due: readonly WaitingNotice[]): boolean } {
  return {
    awake: waiting.filter(({ notice }) => !isQuiet(quiet, notice, now, zone)),
    hasWaited: (due) => due.some(({ notice }) => isQuiet(quiet, notice, notice.at, zone)),
  };
}
