import type { Mute } from '../../domain/alert';

/** Stores mutes. Every write throws `StoreUnavailable` when the disk refuses it. */
export interface MuteStore {
  addMute(mute: Omit<Mute, 'id'>): Promise<Mute>;
  /** Ends a mute at `now`, or cancels a planned one; returns whether there was one to end. */
  endMute(id: number, now: number): Promise<boolean>;
  /** Returns current and planned mutes as of `now`, by when they begin. */
  mutes(now: number): Promise<Mute[]>;
}
