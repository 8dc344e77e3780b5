import { SECOND } from '../util/time';

/**
 * Limits of every call. A status of 5,000 peers is about 6 MB, so 32 MB leaves room and still cannot exhaust memory.
 */
export const STATUS_MAX_BYTES = 32 * 1024 * 1024;
export const ANSWER_MAX_BYTES = 1024 * 1024;

export const CALL_TIMEOUT_MS = 5 * SECOND;
/** For the command: it tries for 5 s to reach a tailscaled that may be starting, and then reports the problem. */
export const COMMAND_TIMEOUT_MS = 6 * SECOND;
/** For netcheck, and for all the pings of one call together. */
export const SLOW_CALL_TIMEOUT_MS = 15 * SECOND;
/** For one ping; tailscaled itself waits forever. */
export const PING_TIMEOUT_MS = 5 * SECOND;

/** The most pings in a call. */
const PINGS_MAX = 20;

/** Returns the number of pings that a call sends: whole, 1 to 20. */
export function pingCount(asked: number): number {
  return Math.min(PINGS_MAX, Math.max(1, Math.trunc(asked) || 1));
}
