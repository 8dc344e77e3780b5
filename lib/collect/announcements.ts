import type { Announcement } from '../alerts/facts';
import { line, text } from '../alerts/reading';
import type { Device } from '../domain/device';
import type { TailnetEvent } from '../domain/event';
import { say } from '../domain/said';
import { MINUTE } from '../util/time';

/** How long an event counts as news. */
const NEWS_FOR_MS = 5 * MINUTE;

/** Keeps events that are announced once: a device joined, a route moved to another router. */
export class Announcements {
  private readonly recent = new Map<string, { announcement: Announcement; elapsed: number }>();

  constructor(private readonly elapsed: () => number = () => performance.now()) {}

  note(event: TailnetEvent): void {
    const announcement = announcementOf(event);
    if (!announcement) return;
    this.recent.set(announcement.topic, { announcement, elapsed: this.elapsed() });
  }

  /** Returns those that are still news, without devices that come and go by design. */
  current(ephemeral: ReadonlySet<string>, devices: readonly Device[]): Announcement[] {
    for (const [topic, { elapsed }] of this.recent) {
      if (this.elapsed() - elapsed > NEWS_FOR_MS) this.recent.delete(topic);
    }
    const byId = new Map(devices.map((device) => [device.id, device]));
    return [...this.recent.values()].flatMap(({ announcement }) => {
      const { rule, nodeId } = announcement;
      if (rule !== 'device_joined' || nodeId === null) return [announcement];
      const device = byId.get(nodeId);
      return device && !ephemeral.has(nodeId) ? [withDevice(announcement, device)] : [];
    });
  }
}

function announcementOf(event: TailnetEvent): Announcement | null {
  const { kind, nodeId, hostname, before, after } = event;
  if (kind === 'node_added') {
    const title = say('alertTexts.joined', { device: hostname ?? '' });
    return {
      ...{ rule: 'device_joined', topic: `joined_${nodeId}`, nodeId, hostname, title },
      evidence: [],
    };
  }
  if (kind !== 'route_moved') return null;
  const [subnet = ''] = (after ?? '').split(' ');
  return {
    ...{ rule: 'route_moved', topic: `route_moved_${subnet}`, nodeId: null, hostname: null },
    title: say('alertTexts.routeMoved', { subnet, device: hostname ?? '' }),
    evidence: [line('alertTexts.before', before ?? ''), line('alertTexts.now', after ?? '')],
  };
}

function withDevice(announcement: Announcement, device: Device): Announcement {
  const unknown = text('alertTexts.unknown');
  const owner = device.tags.length > 0 ? device.tags.join(', ') : (device.user?.login ?? unknown);
  return {
    ...announcement,
    evidence: [
      line('alertTexts.owner', owner),
      line('alertTexts.system', device.os || unknown),
      line('alertTexts.address', device.addresses[0] ?? text('alertTexts.none')),
    ],
  };
}
