import type { ShownId } from '../domain/collector-id';
import { formatClock } from '../domain/format';
import { zoneNamed } from '../domain/time-zone';
import type { Services } from '../services';
import { MINUTE } from '../util/time';

/** What actions are done to, as a person reads it in the audit. */

type Subject = { topic: string | null; nodeId: string | null };

/** `“High latency to git: 118 ms” (alert 12)`. */
export async function alertText({ alerts }: Services, id: ShownId): Promise<string> {
  const alert = (await alerts.open()).find((one) => isSame(one.id, id));
  return alert ? `“${alert.title}” (alert ${id})` : `alert ${id}`;
}

/** `“High latency to git: 118 ms” until 2026-11-24 18:15`; a device by its name, `everything` for neither. */
export async function muteText(
  services: Services,
  { minutes, ...subject }: Subject & { minutes: number },
): Promise<string> {
  const zone = zoneNamed(services.instance.timeZone);
  const until = formatClock(Date.now() + minutes * MINUTE, zone).slice(0, -':00'.length);
  return `${await subjectText(services, subject)} until ${until}`;
}

/** `everything (mute 3)`. */
export async function unmuteText(services: Services, id: ShownId): Promise<string> {
  const mute = (await services.alerts.mutes()).find((one) => isSame(one.id, id));
  return mute ? `${await subjectText(services, mute)} (mute ${id})` : `mute ${id}`;
}

async function subjectText({ alerts, tailnet }: Services, { topic, nodeId }: Subject) {
  if (topic !== null) {
    const alert = (await alerts.open()).find((one) => one.topic === topic);
    return alert ? `“${alert.title}”` : topic;
  }
  if (nodeId === null) return 'everything';
  const devices = tailnet.view().status?.devices;
  return devices?.find(({ id }) => id === nodeId)?.name ?? nodeId;
}

const isSame = (one: ShownId, other: ShownId) => String(one) === String(other);
