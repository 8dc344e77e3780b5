import type { MessageKey } from '../i18n/messages';
import { SECOND } from '../util/time';
import type { TailnetStatus } from './device';
import { healthWarnings } from './health-warning';
import { type Said, say, spoken, verbatim } from './said';

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
  /** What is wrong, in a sentence, and what to do about it, in English; empty when all is well. */
  reason: string;
  remedy: string;
  /** The same for readers of any language; a collector of the version before this sends none. */
  said?: OwnTexts | undefined;
  /** Since when; epoch milliseconds. */
  since: number;
  /** It has lasted long enough to be a problem: a drop of a few seconds is not one. */
  settled: boolean;
};

type OwnTexts = { reason: Said; remedy: Said };

/** The facts by which our own device is judged. */
export type OwnFacts = {
  status: TailnetStatus | null;
  /** Why tailscaled does not answer; `null` when it does. */
  unanswered: string | Said | null;
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
const REMEDIES: Record<Exclude<OwnState, 'ok'>, MessageKey> = {
  unreachable: 'ownDevice.startTailscaled',
  stopped: 'ownDevice.start',
  logged_out: 'ownDevice.logIn',
  key_expired: 'ownDevice.renew',
  needs_approval: 'ownDevice.approve',
  starting: 'ownDevice.seeWhat',
  locked_out: 'ownDevice.sign',
  peers_missing: 'ownDevice.checkRules',
  no_network: 'ownDevice.checkInternet',
  control_unreachable: 'ownDevice.checkControl',
};
const BY_BACKEND: Record<string, { state: OwnState; reason: MessageKey }> = {
  Stopped: { state: 'stopped', reason: 'ownDevice.stopped' },
  NeedsMachineAuth: { state: 'needs_approval', reason: 'ownDevice.needsApproval' },
  NoState: { state: 'starting', reason: 'ownDevice.noState' },
  Starting: { state: 'starting', reason: 'ownDevice.starting' },
  InUseOtherUser: { state: 'stopped', reason: 'ownDevice.inUse' },
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
export function judgeOwnDevice(
  facts: OwnFacts,
): Pick<OwnDevice, 'state' | 'reason' | 'remedy' | 'said'> {
  const { state, reason } = stateOf(facts);
  if (state === 'ok' || reason === null) return { state, reason: '', remedy: '' };
  return { state, ...textsOf({ reason, remedy: say(REMEDIES[state]) }) };
}

const textsOf = (said: OwnTexts) => ({
  reason: said.reason.text,
  remedy: said.remedy.text,
  said,
});

function stateOf({ status, unanswered, missing, uplink }: OwnFacts): {
  state: OwnState;
  reason: Said | null;
} {
  if (unanswered !== null || !status) {
    const reason = unanswered === null ? say('ownDevice.notYet') : verbatim(unanswered);
    return { state: 'unreachable', reason };
  }
  const self = status.devices.find((device) => device.self);
  const warnings = healthWarnings(status.health);
  const warning = (code: string) => warnings.find((one) => one.code === code)?.text;
  if (status.backendState === 'NeedsLogin') {
    return self?.expired
      ? { state: 'key_expired', reason: say('ownDevice.keyExpired') }
      : { state: 'logged_out', reason: say('ownDevice.loggedOut') };
  }
  const backend = BY_BACKEND[status.backendState];
  if (backend) return { state: backend.state, reason: say(backend.reason) };
  // Our own is in every network map.
  if (!self) return { state: 'starting', reason: say('ownDevice.noState') };
  const locked = warning('locked-out');
  if (locked) {
    return { state: 'locked_out', reason: say('ownDevice.lockedOut', { warning: locked }) };
  }
  if (missing.length > 0) return { state: 'peers_missing', reason: missingReason(missing, status) };
  if (self.online) return { state: 'ok', reason: null };
  const down = warning('network-status') ?? warning('no-derp-home');
  if (uplink === 'silent' || (down && uplink !== 'proven')) {
    const reason = down
      ? say('ownDevice.noInternetSince', { warning: down })
      : say('ownDevice.noInternet');
    return { state: 'no_network', reason };
  }
  return { state: 'control_unreachable', reason: say('ownDevice.noControl') };
}

/** The most devices that are named. */
const MOST_NAMED = 5;

function missingReason(missing: readonly string[], { health }: TailnetStatus): Said {
  const values = {
    count: { count: missing.length },
    devices: missing.slice(0, MOST_NAMED).join(', '),
    more: Math.max(0, missing.length - MOST_NAMED),
  };
  return health.length > 0
    ? say('ownDevice.missingSince', { ...values, warnings: health.join(' ') })
    : say('ownDevice.missing', values);
}

/** Returns our own device while tailscaled does not answer. */
export function awayDevice(reason: string | Said): OwnDevice {
  const texts = textsOf({ reason: verbatim(reason), remedy: say(REMEDIES.unreachable) });
  return { state: 'unreachable', ...texts, since: 0, settled: true };
}

/** Returns what is wrong with our own device and what to do about it, for readers of any language. */
export const ownTexts = ({ reason, remedy, said }: OwnDevice): OwnTexts =>
  said ?? { reason: verbatim(reason), remedy: verbatim(remedy) };

/** Returns the same in the current language. */
export function ownWords(own: OwnDevice): { reason: string; remedy: string } {
  const { reason, remedy } = ownTexts(own);
  return { reason: spoken(reason), remedy: spoken(remedy) };
}
