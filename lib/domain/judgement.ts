import type { Connection } from './connection';
import type { Device, DeviceCounts, ExitNode, Path } from './device';
import { isBlind, type OwnDevice } from './own-device';

/**
 * Whether a device is up. `offline`: the coordination server says so and no ping was answered; `not_answering`: it
 * lists the device as online, and no ping was answered; `unknown`: our own device cannot tell.
 */
export const PRESENCES = ['online', 'offline', 'not_answering', 'unknown'] as const;
type Presence = (typeof PRESENCES)[number];

/** The judged state of a device, shared by every page, call, metric, event and alert. Times in epoch milliseconds. */
export type Judgement = {
  presence: Presence;
  /** `idle` also where no path can be known. */
  path: Path;
  /** When this presence began; `null` when that was before we started looking. */
  since: number | null;
  /** When it last answered or was last connected; `null` when that is now, or unknown. */
  lastSeen: number | null;
  /** The DERP region in use when relayed, else the home region. */
  relayRegion: string | null;
  endpoint: string | null;
  /** Mean over the path in use; `null` without a recent answer. */
  latencyMs: number | null;
  /** The coordination server lists it as connected. */
  seenByControl: boolean;
  /** Confirmed by a ping, or the device is not pinged. Events and alerts wait for it. */
  confirmed: boolean;
};

/** What the last pings to a device found, while it is recent enough to rely on. */
export type Evidence = {
  connection: Pick<Connection, 'connectionType' | 'relayNode' | 'endpoint' | 'latencyAvg'>;
  /** When it last answered; `null`: never. */
  lastAnswered: number | null;
};

export type JudgedBy = {
  own: Pick<OwnDevice, 'state' | 'settled'>;
  /** It is pinged each round. */
  watched: boolean;
  /** `null`: no ping lately. */
  evidence: Evidence | null;
  /**
   * tailscaled has shown its traffic on a relay twice in a row: the first packets of a connection always go by relay.
   */
  relaySeenTwice: boolean;
  /** It has answered since the coordination server listed it as offline. */
  answersUnlisted: boolean;
  /** tailscaled would not ping it, or could not: nothing but the coordination server's report is to be had. */
  refused: boolean;
  /** A ping has come back over the internet within the last minute. */
  uplinkProven: boolean;
  since: number | null;
};

/**
 * Judges a device: by the state of our own first, then by pings where there are any, else by the coordination server.
 */
export function judge(device: Device, by: JudgedBy): Judgement {
  const { own, watched, evidence, since } = by;
  const base: Judgement = {
    presence: 'unknown',
    path: 'idle',
    since,
    lastSeen: latest(device.lastSeen, evidence?.lastAnswered ?? null),
    relayRegion: device.relayRegion,
    endpoint: null,
    latencyMs: null,
    seenByControl: device.online,
    confirmed: true,
  };
  const gone: Judgement = { ...base, presence: 'offline', path: 'offline' };
  if (device.self)
    return isBlind(own.state) ? gone : { ...base, presence: 'online', lastSeen: null };
  const measured = evidence?.connection;
  // Without internet access, a device that answers on the same network is still up.
  const near = own.state === 'no_network' && measured && measured.latencyAvg !== null;
  if (isBlind(own.state) && !near) return { ...base, confirmed: false };
  if (measured && measured.connectionType !== 'unknown') {
    if (measured.connectionType === 'offline') {
      // When it last answered is known better than when the coordination server noticed.
      const silent = { ...gone, lastSeen: evidence?.lastAnswered ?? base.lastSeen };
      const presence = device.online ? 'not_answering' : 'offline';
      if (own.state === 'ok') return { ...silent, presence };
      // Silence may be our own fault until something else has answered.
      return by.uplinkProven ? silent : { ...base, confirmed: false };
    }
    const relayed = measured.connectionType === 'relay' && measured.relayNode !== 'none';
    return {
      ...base,
      presence: 'online',
      path: measured.connectionType,
      lastSeen: null,
      // An earlier answer says nothing about a device that has only just been listed as offline.
      seenByControl: device.online || !by.answersUnlisted,
      relayRegion: relayed ? measured.relayNode : device.relayRegion,
      endpoint: measured.endpoint,
      latencyMs: measured.latencyAvg,
    };
  }
  // Without a ping there is only the coordination server's report, which may be out of date.
  if (own.state === 'control_unreachable' && own.settled) return { ...base, confirmed: false };
  if (!device.online) return { ...gone, confirmed: !watched || by.refused };
  const path = device.path === 'relay' && !by.relaySeenTwice ? 'idle' : device.path;
  const endpoint = path === device.path ? device.endpoint : null;
  const confirmed = !watched || (by.refused && evidence === null);
  return { ...base, presence: 'online', path, lastSeen: null, endpoint, confirmed };
}

/**
 * Returns whether the exit node in use is up. Mullvad's are no devices of the tailnet: only the status describes them.
 */
export function isExitNodeUp(
  { online }: Pick<ExitNode, 'online'>,
  judgement: Pick<Judgement, 'presence' | 'confirmed'> | null,
): boolean {
  const isJudged = judgement?.confirmed === true && judgement.presence !== 'unknown';
  return isJudged ? judgement.presence === 'online' : online;
}

/** Returns whether it is up; `null` when that is unknown. */
export function isOnline({ presence }: Pick<Judgement, 'presence'>): boolean | null {
  return presence === 'unknown' ? null : presence === 'online';
}

const latest = (a: number | null, b: number | null) =>
  a === null ? b : b === null ? a : Math.max(a, b);

/** Counts devices for the summary line; `online` counts every class. */
export function countDevices(
  devices: readonly Device[],
  judgementOf: (device: Device) => Pick<Judgement, 'presence'>,
): DeviceCounts {
  const counts = { total: devices.length, online: 0, own: 0, shared: 0, external: 0 };
  for (const device of devices) {
    if (judgementOf(device).presence === 'online') counts.online++;
    counts[device.classification]++;
  }
  return counts;
}

/** Judges a device that is not pinged by the status alone, with a presence that began before we started looking. */
export function judgedAlone(device: Device, own: JudgedBy['own']): Judgement {
  const nothing = { watched: false, evidence: null, since: null };
  const unseen = {
    relaySeenTwice: false,
    answersUnlisted: false,
    uplinkProven: false,
    refused: false,
  };
  return judge(device, { own, ...nothing, ...unseen });
}

/** Returns the judgement of a device about which nothing is known. */
export const unknownJudgement = (device: Device): Judgement =>
  judgedAlone(device, { state: 'unreachable', settled: true });
