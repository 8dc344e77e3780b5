import { CLIENT_KINDS } from '../domain/access';

/**
 * One hit as numbers. Code that adds many hits fills one object over and over: an object per hit would keep the garbage
 * collector busy.
 */
export type HitRow = {
  file: number;
  offset: number;
  /** Epoch milliseconds. */
  time: number;
  /** 0: none. */
  status: number;
  /** -1: none. */
  bytes: number;
  /** Milliseconds; -1: none. */
  responseMs: number;
  /** Into `CLIENT_KINDS`. */
  client: number;
  visitor: number;
  endpoint: number;
  /** Strings, by the number that the batch or block holding them gave. */
  method: number;
  path: number;
  ip: number;
};

/** The code of `bot` in a `client` column. */
export const BOT = CLIENT_KINDS.indexOf('bot');

/** Returns a row to be filled. */
export const emptyRow = (): HitRow => ({
  file: 0,
  offset: 0,
  time: 0,
  status: 0,
  bytes: -1,
  responseMs: -1,
  client: 0,
  visitor: 0,
  endpoint: 0,
  method: 0,
  path: 0,
  ip: 0,
});
