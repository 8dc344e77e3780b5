import type { Device, TailnetStatus } from './device';
import { healthWarnings } from './health-warning';

/**
 * Returns the devices that vanished from the status at once: enough of them that our own device must have lost sight of
 * them, rather than that they left. One that vanishes while others stay was removed. Empty when nothing of the kind
 * happened.
 */
export function vanishedTogether(
  before: Pick<TailnetStatus, 'devices' | 'tailnet'>,
  now: Pick<TailnetStatus, 'devices' | 'tailnet' | 'health'>,
): Device[] {
  const others = before.devices.filter(({ self }) => !self);
  const present = new Set(now.devices.map(({ id }) => id));
  const gone = others.filter(({ id }) => !present.has(id));
  if (gone.length === 0 || isAnotherTailnet(before, now)) return [];
  if (healthWarnings(now.health).some(({ code }) => code === 'locked-out')) return gone;
  if (gone.length < 2) return [];
  if (gone.length === others.length) return gone;
  // Devices that were off may be removed by the dozen in a clean-up.
  const wereUp = others.filter(({ online }) => online);
  const up = gone.filter(({ online }) => online);
  return up.length >= 2 && up.length * 2 >= wereUp.length ? gone : [];
}

/** Returns whether our own device has been logged in to another tailnet meanwhile. */
function isAnotherTailnet(
  before: Pick<TailnetStatus, 'devices' | 'tailnet'>,
  now: Pick<TailnetStatus, 'devices' | 'tailnet'>,
): boolean {
  const idOf = ({ devices }: Pick<TailnetStatus, 'devices'>) =>
    devices.find(({ self }) => self)?.id;
  const [was, is] = [idOf(before), idOf(now)];
  return (
    was !== undefined && is !== undefined && was !== is && before.tailnet.name !== now.tailnet.name
  );
}
