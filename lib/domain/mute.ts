import type { Alert, Mute } from './alert';

/** Returns whether a mute or a maintenance window suppresses messages about the alert at `now`. */
export function isMuted(
  alert: Pick<Alert, 'topic' | 'nodeId'>,
  mutes: readonly Pick<Mute, 'topic' | 'nodeId' | 'from' | 'until'>[],
  now: number,
): boolean {
  return mutes.some(
    ({ topic, nodeId, from, until }) =>
      from <= now &&
      now < until &&
      (topic === null || topic === alert.topic) &&
      (nodeId === null || nodeId === alert.nodeId),
  );
}
