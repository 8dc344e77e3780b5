import { SECOND } from '../util/time';
import type { TailnetStatus } from './device';
import { healthWarnings } from './health-warning';

export const OWN_STATES = [
  'ok',
  'unreachable',
  'stopped',
  'logged_out',
  'key_expired',
  'needs_approval',
  'starting',
  'locked_out',
  'peers_missing',
  'no_network',
  'control_unreachable',
] as const;
/** The state of the device this runs on. It is judged before any other, since what it sees of them depends on it. */
export type OwnState = (typeof OWN_STATES)[number];

export type OwnDevice = {
  state: OwnState;
  /** What is wrong, in a sentence, and what to do about it; empty when all is well. */
  reason: string;
  remedy: string;
  /** Since when; epoch milliseconds. */
  since: number;
  /** It has lasted long enough to be a problem: a drop of a few seconds is not one. */
  settled: boolean;
};

/** The facts by which our own device is judged. */
export type OwnFacts = {
  status: TailnetStatus | null;
  /** Why tailscaled does not answer; `null` when it does. */
  unanswered: string | null;
  /** Names of the devices that vanished from the status at once. */
  missing: readonly string[];
  /** Whether a ping sent since our device lost its coordination server was answered over the internet. */
  uplink: 'proven' | 'silent' | 'unknown';
};

/** How long each state may last before it is a problem. */
const SETTLES_AFTER: Partial<Record<OwnState, number>> = {
  starting: 20 * SECOND,
  peers_missing: 15 * SECOND,
  no_network: 15 * SECOND,
  control_unreachable: 60 * SECOND,
};
const REMEDIES: Record<Exclude<OwnState, 'ok'>, string> = {
  unreachable: 'Start tailscaled: sudo systemctl start tailscaled',
  stopped: 'Start it: sudo tailscale up',
  logged_out: 'Log in again: sudo tailscale up',
  key_expired: 'Renew it: sudo tailscale up --force-reauth, or in the admin console',
  needs_approval: 'Approve this device in the admin console',
  starting: 'If this lasts, see what it is waiting for: journalctl -u tailscaled',
  locked_out: 'Sign this device from one that is trusted: tailscale lock sign',
  peers_missing: 'Check the devices and the access rules in the admin console',
  no_network: 'Check the internet connection of this device',
  control_unreachable: 'Check whether the coordination server can be reached from here',
};
const BY_BACKEND: Record<string, { state: OwnState; reason: string }> = {
  Stopped: { state: 'stopped', reason: 'Tailscale is stopped on this device' },
  NeedsMachineAuth: {
    state: 'needs_approval',
    reason: 'This device is waiting for an admin of the tailnet to approve it',
  },
  NoState: {
    state: 'starting',
    reason: 'Tailscale has no state yet on this device: it has not reached the coordination server',
  },
  Starting: { state: 'starting', reason: 'Tailscale is starting on this device' },
  InUseOtherUser: {
    state: 'stopped',
    reason: 'Tailscale is in use by another user of this device',
  },
};

/**
 * Returns whether nothing is known about other devices in this state: neither that one is online nor that it is not.
 */
export function isBlind(state: OwnState): boolean {
  return state !== 'ok' && state !== 'control_unreachable';
}

/** Returns how long a state may last before it is a problem; milliseconds. */
export const settlesAfter = (state: OwnState): number => SETTLES_AFTER[state] ?? 0;

/** Judges our own device from what tailscaled reports about it, and from pings where that is inconclusive. */
export function judgeOwnDevice(facts: OwnFacts): Pick<OwnDevice, 'state' | 'reason' | 'remedy'> {
  const { state, reason } = stateOf(facts);
  return { state, reason, remedy: state === 'ok' ? '' : REMEDIES[state] };
}

function stateOf({ status, unanswered, missing, uplink }: OwnFacts): {
  state: OwnState;
  reason: string;
} {
  if (unanswered !== null || !status) {
    return { state: 'unreachable', reason: unanswered ?? 'tailscaled has not answered yet' };
  }
  const self = status.devices.find((device) => device.self);
  const warnings = healthWarnings(status.health);
  const warning = (code: string) => warnings.find((one) => one.code === code)?.text;
  if (status.backendState === 'NeedsLogin') {
    if (self?.expired) {
      return { state: 'key_expired', reason: 'The key of this device has expired' };
    }
    return { state: 'logged_out', reason: 'This device is logged out of Tailscale' };
  }
  const backend = BY_BACKEND[status.backendState];
  if (backend) return backend;
  const locked = warning('locked-out');
  if (locked)
    return { state: 'locked_out', reason: `Tailnet lock keeps this device out: ${locked}` };
  if (missing.length > 0) return { state: 'peers_missing', reason: missingReason(missing, status) };
  if (self?.online !== false) return { state: 'ok', reason: '' };
  const down = warning('network-status') ?? warning('no-derp-home');
  if (uplink === 'silent' || (down && uplink !== 'proven')) {
    const said = down ? `: ${down}` : '; no device answers either';
    return { state: 'no_network', reason: `This device has no internet connection${said}` };
  }
  return {
    state: 'control_unreachable',
    reason:
      'This device cannot reach the coordination server: what it knows about others may be out of date',
  };
}

function missingReason(missing: readonly string[], { health }: TailnetStatus): string {
  const shown = missing.slice(0, 5).join(', ');
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  const said = health.length > 0 ? `. tailscaled says: ${health.join(' ')}` : '';
  return `${missing.length} devices vanished at once: ${shown}${more}${said}`;
}

/** Returns our own device while tailscaled does not answer. */
export function awayDevice(reason: string): OwnDevice {
  return { state: 'unreachable', reason, remedy: REMEDIES.unreachable, since: 0, settled: true };
}
