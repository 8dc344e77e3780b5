import type { ShownId } from '../domain/collector-id';
import { formatClock } from '../domain/format';
import { type Said, type SaidValue, say, verbatim } from '../domain/said';
import { zoneNamed } from '../domain/time-zone';
import type { Services } from '../services';
import { MINUTE } from '../util/time';

/** What actions are done to, as a person reads it in the audit, in any language. */

type Subject = { topic: string | null; nodeId: string | null };

/** `“High latency to git: 118 ms” (alert 12)`. */
export async function alertText({ alerts }: Services, id: ShownId): Promise<Said> {
  const alert = (await alerts.open()).find((one) => isSame(one.id, id));
  return alert
    ? say('auditTexts.alert', { title: titleOf(alert), id })
    : say('auditTexts.unknownAlert', { id });
}

/** `“High latency to git: 118 ms” until 2026-11-24 18:15`; a device by its name, `everything` for neither. */
export async function muteText(
  services: Services,
  { minutes, ...asked }: Subject & { minutes: number },
): Promise<Said> {
  const zone = zoneNamed(services.instance.timeZone);
  const until = formatClock(Date.now() + minutes * MINUTE, zone).slice(0, -':00'.length);
  return say('auditTexts.until', { subject: await subjectText(services, asked), until });
}

/** `everything (mute 3)`. */
export async function unmuteText(services: Services, id: ShownId): Promise<Said> {
  const mute = (await services.alerts.mutes()).find((one) => isSame(one.id, id));
  if (!mute) return say('auditTexts.unknownMute', { id });
  return say('auditTexts.mute', { subject: await subjectText(services, mute), id });
}

async function subjectText(
  { alerts, tailnet }: Services,
  { topic, nodeId }: Subject,
): Promise<SaidValue> {
  if (topic !== null) {
    const alert = (await alerts.open()).find((one) => one.topic === topic);
    return alert ? { said: say('auditTexts.title', { title: titleOf(alert) }) } : topic;
  }
  if (nodeId === null) return { said: say('auditTexts.everything') };
  const devices = tailnet.view().status?.devices;
  return devices?.find(({ id }) => id === nodeId)?.name ?? nodeId;
}

const titleOf = ({ title, said }: { title: string; said?: { title: Said } | undefined }) => ({
  said: said?.title ?? verbatim(title),
});

const isSame = (one: ShownId, other: ShownId) => String(one) === String(other);
