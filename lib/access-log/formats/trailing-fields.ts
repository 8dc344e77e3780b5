import { closingQuote } from '../escapes';
import { unitDurationOf } from '../fields';

const QUOTE = 34;
const SPACE = 32;
const COMMA = 44;

/** Names that people put before `$request_time`: `rt=0.034`, `request_time: 0.034`. */
const OWN_TIME =
  /^(?:rt|req(?:uest)?[_-]?time|duration|response[_-]?time|total[_-]?time)[=:]"?([\d.]+)"?,?$/i;
const NAMED = /^[a-z][\w-]*[=:]/i;
const NAMED_NEXT = / [a-z][\w-]*[=:]/iy;
/** Seconds as Caddy's `{duration}` and gunicorn's `%(L)s` have them. */
const FINE_SECONDS = /^(?:\d{1,6}\.\d{4,9}|\d(?:\.\d+)?e-\d\d?)$/;

/**
 * Returns milliseconds of `0.034` between `from` and `to`: digits, a dot, exactly three digits; -1 when it is anything
 * else.
 */
function milliseconds(line: string, from: number, to: number): number {
  const dot = to - 4;
  if (dot <= from || dot - from > 9 || line.charCodeAt(dot) !== 46) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    if (at === dot) continue;
    const digit = line.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The content of fields that people append, and which program appends them. */
export type Trailing = { ms: number; program: string | null };

/** ingress-nginx: `$request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] …`. */
const INGRESS = /^ \d+ (\d+\.\d{3}) \[[^\]]*\] \[[^\]]*\] /;
/** Traefik: a count, the router, the server, the duration. Its first version had no quotes around a missing agent. */
const TRAEFIK = /^(?: -){0,2} (?:\d+|-) "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*" (\d+)ms$/;
/** HAProxy's `option httplog clf`: port, ms, frontend, backend, server, `TR Tw Tc Tr Ta`, how the session ended. */
const HAPROXY = /^ \d+ \d+ "[^"]*" "[^"]*" "[^"]*"(?: -?\d+){4} \+?(\d+) [\w-]{4} /;

/**
 * Returns the response time among the fields from `from` to `to` of a line, in milliseconds; -1 when there is none.
 * nginx writes seconds with three decimals. An upstream's times are written the same way, as a list (`a, b`, `a : b`)
 * once a request was retried: so no part of a list counts, a name (`rt=`) wins, an unquoted number comes before a
 * quoted one (a client's header may be quoted, but is never unquoted), and of several the longest counts, since a
 * request takes no less than its upstream. An unquoted whole number could be anything (Apache's `%D`, `%T`, `%I`) and
 * does not count.
 */
export function trailingTime(line: string, from: number, to: number): number {
  // The usual case: one number.
  if (line.charCodeAt(from) === SPACE) {
    const only = milliseconds(line, from + 1, to);
    if (only >= 0) return only;
  }
  return new TimeSearch(line, to).search(from);
}

/** Returns the same for everything after the agent, where some programs are recognised by what they append. */
export function trailingFields(line: string, from: number): Trailing {
  const to = line.length;
  if (line.charCodeAt(from) === SPACE) {
    const only = milliseconds(line, from + 1, to);
    if (only >= 0) return { ms: only, program: null };
  }
  const rest = line.substring(from);
  for (const [program, pattern, factor] of PROGRAMS) {
    const match = pattern.exec(rest);
    if (match) return { ms: Math.round(Number(match[1]) * factor), program };
  }
  return { ms: new TimeSearch(line, to).search(from), program: null };
}

const PROGRAMS = [
  ['traefik', TRAEFIK, 1],
  ['ingress-nginx', INGRESS, 1_000],
  ['haproxy-clf', HAPROXY, 1],
] as const;

class TimeSearch {
  private named = -1;
  private bare = -1;
  private quoted = -1;
  private readonly fine: number[] = [];
  /** The previous unquoted number, until it is certain that it does not begin a list (`a : b`). */
  private pending = -1;
  private inList = false;

  constructor(
    private readonly line: string,
    private readonly to: number,
  ) {}

  search(from: number): number {
    const { line, to } = this;
    for (let at = from; at < to; ) {
      const code = line.charCodeAt(at);
      if (code === SPACE) {
        at++;
        continue;
      }
      at = code === QUOTE ? this.quotedField(at) : this.bareField(at);
      if (at < 0) break;
    }
    this.settle();
    if (this.named >= 0) return this.named;
    if (this.bare >= 0) return this.bare;
    // Two of them are coordinates.
    return this.fine.length === 1 ? (this.fine[0] ?? -1) : this.quoted;
  }

  private settle(): void {
    this.bare = Math.max(this.bare, this.pending);
    this.pending = -1;
  }

  private quotedField(at: number): number {
    const end = closingQuote(this.line, at + 1);
    if (end < 0 || end >= this.to) return -1;
    this.settle();
    this.inList = false;
    this.quoted = Math.max(this.quoted, milliseconds(this.line, at + 1, end));
    return end + 1;
  }

  private bareField(at: number): number {
    const { line, to } = this;
    const space = line.indexOf(' ', at);
    let end = space < 0 || space > to ? to : space;
    const quote = line.indexOf('="', at);
    if (quote >= 0 && quote < end) {
      const closing = closingQuote(line, quote + 2);
      end = closing < 0 ? end : Math.min(to, closing + 1);
    }
    const word = line.substring(at, end);
    const continues = line.charCodeAt(end - 1) === COMMA && !this.isNamed(end);
    if (word === ':') {
      this.pending = -1;
      this.inList = true;
      return end;
    }
    this.settle();
    if (this.inList || continues) this.inList = continues;
    else if (NAMED.test(word)) this.namedField(word);
    else this.pending = this.valueOf(at, end, word);
    return end;
  }

  /** Returns whether a field with a name begins after the blank at `at`: a comma before it continues no list. */
  private isNamed(at: number): boolean {
    NAMED_NEXT.lastIndex = at;
    return NAMED_NEXT.test(this.line);
  }

  private namedField(word: string): void {
    const value = OWN_TIME.exec(word)?.[1];
    if (value === undefined || !/^\d{1,9}\.\d{1,6}$/.test(value)) return;
    if (this.named < 0) this.named = Math.round(Number(value) * 1_000);
  }

  private valueOf(from: number, to: number, word: string): number {
    const ms = milliseconds(this.line, from, to);
    if (ms >= 0) return ms;
    if (FINE_SECONDS.test(word)) {
      this.fine.push(Math.round(Number(word) * 1_000));
      return -1;
    }
    return unitDurationOf(word) ?? -1;
  }
}
