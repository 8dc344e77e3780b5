import type { Mute } from '../../domain/alert';

/** What is kept quiet, and for how long. Every write throws `StoreUnavailable` when the disk refuses it. */
export interface MuteStore {
  addMute(mute: Omit<Mute, 'id'>): Promise<Mute>;
  /** Ends a mute at `now`, or calls it off; returns whether there was one to end. */
  endMute(id: number, now: number): Promise<boolean>;
  /** Those in force at `now` or to come, by when they begin. */
  mutes(now: number): Promise<Mute[]>;
}
