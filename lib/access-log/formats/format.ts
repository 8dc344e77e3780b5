import type { ParsedHit } from '../../domain/access';

/** One access-log line, parsed; `null` is "the log does not say", never 0. Everything of a hit but its place. */
export type ParsedLine = ParsedHit;

/**
 * A line that is another program's word, or the same program's about something else: an error log, a start, a TCP
 * stream. It is no access and no fault either.
 */
export const NOT_AN_ACCESS = null;

/** What reading a line came to: a hit, the reason it could not be read, for people, or `NOT_AN_ACCESS`. */
export type Reading = ParsedLine | string | typeof NOT_AN_ACCESS;

/** Reads lines of one program's format. */
export type FormatReader = {
  /** What the last line that was read had, e.g. `combined+time`. */
  readonly format: string;
  /** Never throws, whatever the line holds. */
  read(line: string): Reading;
  /**
   * Takes note of what a line tells about the layout of its file. Called with many lines before they are read, so that
   * one line, which a client may have had a hand in, does not decide how the others are read.
   */
  learn?(line: string): void;
};
