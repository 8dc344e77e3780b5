import { shown } from '../fields';
import { createLocalTimeReader, createTimeReader, LOCAL_TIME_LENGTH } from '../timestamp';

/** `[` time `] "`: how far before the request's quote the time starts. */
export const TIME_BEFORE_QUOTE = LOCAL_TIME_LENGTH + 3;
/** The longest time in brackets. */
const LONGEST_TIME = 40;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** The positions of a line's time and request. */
type Anchor = { bracket: number; quote: number; time: number };

/**
 * Finds the time of a line, just before the request's quote, not after the first bracket: the user name is whatever the
 * client sent and may hold brackets and blanks, but never an unescaped quote.
 */
export class BracketedTime {
  private readonly localTime = createLocalTimeReader();
  private readonly timeOf = createTimeReader(this.localTime);

  /** Returns the time at its usual index, before the first quote; NaN when it is not there. */
  usual(line: string, quote: number): number {
    const bracket = quote - TIME_BEFORE_QUOTE;
    return bracket > 0 &&
      line.charCodeAt(bracket) === OPEN_BRACKET &&
      line.charCodeAt(quote - 2) === CLOSE_BRACKET
      ? this.localTime(line, bracket + 1)
      : Number.NaN;
  }

  /** Finds a time in another notation, and an empty user written as two quotes (Apache); else returns why not. */
  search(line: string): Anchor | string {
    let reason = line.includes('"') ? 'no [time] before the request' : 'no quoted request';
    for (let at = line.indexOf('] "'); at >= 0; at = line.indexOf('] "', at + 1)) {
      const start = Math.max(0, at - LONGEST_TIME);
      const open = line.substring(start, at).lastIndexOf('[');
      if (open < 0) continue;
      const text = line.substring(start + open + 1, at);
      const time = this.timeOf(text);
      if (!Number.isNaN(time)) return { bracket: start + open, quote: at + 2, time };
      reason = `no such time: ${shown(text)}`;
    }
    return reason;
  }
}
