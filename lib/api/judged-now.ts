import type { Device, TailnetStatus } from '../domain/device';
import { type Judgement, unknownJudgement } from '../domain/judgement';
import type { Services } from '../services';

const idsOf = new WeakMap<readonly Device[], ReadonlySet<string>>();

/** Returns the ids of those of `devices` that are pinged each round. */
export function criticalIds(
  { connections }: Pick<Services, 'connections'>,
  devices: readonly Device[],
): ReadonlySet<string> {
  const critical = connections.critical(devices);
  const ids = idsOf.get(critical) ?? new Set(critical.map(({ id }) => id));
  idsOf.set(critical, ids);
  return ids;
}

/** Pages and calls judge every device many times a second, and a tailnet may have thousands. */
const KEPT_MS = 1_000;
const remembered = new WeakMap<TailnetStatus, { at: number; of: Map<string, Judgement> }>();

/** Returns how each device of a status is judged, as of at most a second ago. */
export function judgedNow(
  { connections }: Services,
  status: TailnetStatus,
): (device: Device) => Judgement {
  const before = remembered.get(status);
  const age = Date.now() - (before?.at ?? 0);
  const of =
    before && age >= 0 && age < KEPT_MS
      ? before.of
      : new Map(status.devices.map((device) => [device.id, connections.judge(device)]));
  if (of !== before?.of) remembered.set(status, { at: Date.now(), of });
  return (device) => of.get(device.id) ?? unknownJudgement(device);
}
