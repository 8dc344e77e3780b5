import { closingQuote } from '../escapes';
import { shown } from '../fields';
import { createLocalTimeReader, createTimeReader, LOCAL_TIME_LENGTH } from '../timestamp';

/** `[` time `] "`: how far before the request's quote the time starts. */
export const TIME_BEFORE_QUOTE = LOCAL_TIME_LENGTH + 3;
/** The longest time in brackets. */
const LONGEST_TIME = 40;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** The positions of a line's time and request, and the words between them. */
export type Anchor = { bracket: number; quote: number; time: number; between: string };

/**
 * `$time_local`, up to three words (`TLSv1.3`, `$host`) or none, and blanks. The time has a form that no host has, and
 * no word has brackets.
 */
const APART = /\[(\d\d\/[^[\]"]{23})\]((?: [^\s"[\]]+){0,3}) +$/;
/** Clients write their name before the time, and the host behind it: where there are two, either may be theirs. */
const TIME_BEGINS = /\[\d\d\/[A-Z][a-z]{2}\/\d{4}/;
/** The longest text that `APART` matches. */
const LONGEST_APART = 300;
/** How many quoted fields there may be before the time. */
const MOST_QUOTED = 3;

/**
 * Finds the time of a line, just before the request's quote, not after the first bracket: the user name is whatever the
 * client sent and may hold brackets and blanks, but never an unescaped quote.
 */
export class BracketedTime {
  private readonly localTime = createLocalTimeReader();
  private readonly timeOf = createTimeReader(this.localTime);

  /** Whether lines were seen that have words between the time and the request. */
  private wordsBetween = false;

  /** Learns whether lines of this file have words between the time and the request. */
  learn(anchor: Anchor): void {
    this.wordsBetween ||= anchor.between !== '';
  }

  /** Returns the time at its usual index, before the first quote; NaN when it is not there. */
  usual(line: string, quote: number): number {
    const bracket = quote - TIME_BEFORE_QUOTE;
    return bracket > 0 &&
      !this.wordsBetween &&
      line.charCodeAt(bracket) === OPEN_BRACKET &&
      line.charCodeAt(quote - 2) === CLOSE_BRACKET
      ? this.localTime(line, bracket + 1)
      : Number.NaN;
  }

  /**
   * Finds a time in another notation, one that is apart from the request, and one after quoted fields (Apache writes an
   * empty user as two quotes); else returns why not.
   */
  search(line: string): Anchor | string {
    let reason = line.includes('"') ? 'no [time] before the request' : 'no quoted request';
    let quote = closingQuote(line, 0);
    for (let fields = 0; quote >= 0 && fields <= MOST_QUOTED; fields++) {
      const anchor = this.before(line, quote);
      if (typeof anchor !== 'string') return anchor;
      if (anchor !== '') reason = anchor;
      const end = closingQuote(line, quote + 1);
      quote = end < 0 ? -1 : closingQuote(line, end + 1);
    }
    return reason;
  }

  /** Returns the time before a quote, or why there is none: nothing when it does not look like one. */
  private before(line: string, quote: number): Anchor | string {
    const start = Math.max(0, quote - LONGEST_APART);
    const apart = APART.exec(line.substring(start, quote));
    if (apart !== null) {
      const [, text = '', between = ''] = apart;
      const time = this.localTime(text, 0);
      const bracket = start + apart.index;
      if ((between !== '' || this.wordsBetween) && TIME_BEGINS.test(line.substring(0, bracket))) {
        return 'can be read in two ways, since free text stands outside quotes';
      }
      if (!Number.isNaN(time)) return { bracket, quote, time, between };
    }
    if (line.substring(quote - 2, quote) !== '] ') return '';
    const open = line.lastIndexOf('[', quote - 2);
    if (open < 0 || quote - 2 - open > LONGEST_TIME) return '';
    const text = line.substring(open + 1, quote - 2);
    const time = this.timeOf(text);
    if (Number.isNaN(time)) return `no such time: ${shown(text)}`;
    return { bracket: open, quote, time, between: '' };
  }
}
