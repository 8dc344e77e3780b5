import type { ParsedHit } from '../../domain/access';

/**
 * One parsed access-log line; `null` means that the log does not say, it is never replaced by 0. Everything of a hit
 * but its log position.
 */
export type ParsedLine = ParsedHit;

/**
 * A line from another program, or from the same program about something else: an error log, a start, a TCP stream. It
 * is neither an access nor a fault.
 */
export const NOT_AN_ACCESS = null;

/** The result of reading a line: a hit, the reason it could not be read, in readable form, or `NOT_AN_ACCESS`. */
export type Reading = ParsedLine | string | typeof NOT_AN_ACCESS;

/** Reads lines of one program's format. */
export type FormatReader = {
  /** The format of the last line read, e.g. `combined+time`. */
  readonly format: string;
  /** Never throws, whatever the line holds. */
  read(line: string): Reading;
  /**
   * Learns from a line the layout of its file. Called with many lines before they are read, so that a single line,
   * which a client may have influenced, does not decide how the others are read.
   */
  learn?(line: string): void;
  /** Returns whether a line that begins like this in its file has nothing to be learnt from: it need not be decoded. */
  teachesNothing?(beginning: string): boolean;
};
