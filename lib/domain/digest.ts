import { DAY, MINUTE } from '../util/time';
import type { TimeRange } from './access';
import type { ChannelName } from './channel-name';
import type { EventKind } from './event';
import { weekdayOf } from './hours';
import type { TimeZone } from './time-zone';

/** What a day or a week was like. */
export type Digest = TimeRange & {
  /** `before`: in the period before this. */
  accesses: { count: number; before: number; people: number; errors: number };
  /** The most reached, by host; `null`: the log does not name it. */
  services: { host: string | null; accesses: number; errors: number }[];
  traffic: { rxBytes: number; txBytes: number; devices: { name: string; bytes: number }[] };
  /** Of the devices that are pinged, the least available first. `share`: `null` where nothing is known. */
  availability: { name: string; share: number | null; downMs: number }[];
  /** What changed, by its kind; `names`: of some of the devices that it is about. */
  changes: { kind: EventKind; count: number; names: string[] }[];
  alerts: { fired: number; firing: number };
};

/** When a digest is sent, and where. */
export type DigestPlan = {
  /** 0 is Monday; `null`: every day. */
  weekday: number | null;
  /** Minutes since midnight. */
  minute: number;
  /** `null`: to all channels. */
  channels: readonly ChannelName[] | null;
};

/** Returns the last period that has ended: its end is when its digest is due. */
export function lastPeriod(
  { weekday, minute }: DigestPlan,
  now: number,
  zone: TimeZone,
): TimeRange {
  const dueOn = (day: number) => zone.instantOf(day * DAY + minute * MINUTE);
  let day = zone.dayOf(now);
  while (dueOn(day) > now || (weekday !== null && weekdayOf(day) !== weekday)) day--;
  return { from: dueOn(day - (weekday === null ? 1 : 7)), to: dueOn(day) };
}

/** Returns a digest as programs read it. */
export function digestFields(digest: Digest) {
  const { accesses, services, traffic, availability, changes, alerts } = digest;
  return {
    from: new Date(digest.from).toISOString(),
    to: new Date(digest.to).toISOString(),
    accesses,
    services,
    traffic: {
      ...{ rx_bytes: traffic.rxBytes, tx_bytes: traffic.txBytes, devices: traffic.devices },
    },
    availability: availability.map(({ name, share, downMs }) => ({
      ...{ name, share, down_seconds: Math.round(downMs / 1_000) },
    })),
    changes,
    alerts,
  };
}
