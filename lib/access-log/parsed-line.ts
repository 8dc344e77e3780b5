import type { Hit } from '../domain/access';

/** One access-log line, parsed; `null` is "the log does not say", never 0. Everything of a hit but its place. */
export type ParsedLine = Omit<Hit, 'place'>;

/** Reads lines of one family of formats. */
export type FormatReader = {
  /** What the last line that was read had, e.g. `combined+time`. */
  readonly format: string;
  /** A hit, or the reason the line is none. Never throws. */
  read(line: string): ParsedLine | string;
};
