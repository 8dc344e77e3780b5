import { closingQuote } from '../escapes';
import { bytesOf, digitsOf, shown } from '../fields';
import { trailingFields, trailingTime } from './trailing-fields';

const QUOTE = 34;
const SPACE = 32;
const BACKSLASH = 92;

/** Numbers between the size and the referer, as netdata's format has them. */
const BETWEEN = /^(?:[\d.,:-]+ )+$/;

/** A time by its name, right behind the agent: a well-known recipe has no blank between them. */
const GLUED_TIME = /(?:rt|request_time)=/y;
/** `$request_time`, which some have before the size. */
const TIME = /^\d{1,6}\.\d{3}$/;
/** How fields begin that some logs have instead of a size: a quote, a name, a bracket. */
const NO_SIZE = /["a-z([]/i;

/** Returns the end of the word at `from`: the next space or the line's end. */
export function wordEnd(line: string, from: number): number {
  const space = line.indexOf(' ', from);
  return space < 0 ? line.length : space;
}

/**
 * Returns the index of the quote that ends a field, followed by a blank, the line's end or `glued`: some encoders leave
 * quotes inside.
 */
export function fieldEnd(line: string, from: number, glued?: RegExp): number {
  const usual = line.indexOf('"', from);
  const bare = usual >= 0 && line.charCodeAt(usual - 1) !== BACKSLASH;
  if (bare && (usual + 1 === line.length || line.charCodeAt(usual + 1) === SPACE)) return usual;
  let end = closingQuote(line, from);
  while (end >= 0 && end + 1 < line.length && line.charCodeAt(end + 1) !== SPACE) {
    if (glued !== undefined) {
      glued.lastIndex = end + 1;
      if (glued.test(line)) break;
    }
    end = closingQuote(line, end + 1);
  }
  return end;
}

/**
 * Reads what follows the status: `size "referer" "agent"` and more, as much of it as there is. Reused for every line.
 */
export class AfterStatus {
  /** The name of the format, by which fields there are. */
  name = 'seed';
  bytes: number | null = null;
  userAgent: string | null = null;
  /** The response time; -1 when there is none. */
  ms = -1;

  /** Reads from `at` to the line's end. Returns why that is not possible; `null` when it is. */
  read(line: string, at: number): string | null {
    let name = 'seed';
    let bytes: number | null = null;
    let userAgent: string | null = null;
    let ms = -1;
    if (at < line.length) {
      name = 'common';
      let bytesEnd = wordEnd(line, at);
      bytes = readBytes(line, at, bytesEnd);
      let before = -1;
      for (let from = at; Number.isNaN(bytes); bytes = readBytes(line, from, bytesEnd)) {
        const word = line.substring(from, bytesEnd);
        if (!TIME.test(word)) break;
        before = Math.max(before, Math.round(Number(word) * 1_000));
        from = bytesEnd + 1;
        bytesEnd = wordEnd(line, from);
      }
      if (Number.isNaN(bytes)) {
        if (!NO_SIZE.test(line.charAt(at))) {
          return `not a number of bytes: ${shown(line.substring(at, bytesEnd))}`;
        }
        bytes = null;
        bytesEnd = at - 1;
      }
      let end = bytesEnd;
      const referer = refererAt(line, end + 1);
      if (referer >= 0) {
        const refererEnd = fieldEnd(line, referer + 1);
        if (refererEnd < 0) return 'the referer has no closing quote';
        if (line.charCodeAt(refererEnd + 2) === QUOTE) {
          name = 'combined';
          if (referer > end + 1) ms = trailingTime(line, end, referer);
          const agentEnd = fieldEnd(line, refererEnd + 3, GLUED_TIME);
          if (agentEnd < 0) return 'the user agent has no closing quote';
          userAgent = line.substring(refererEnd + 3, agentEnd);
          end = agentEnd + 1;
        } else if (line.substring(end, referer) === ' - ') {
          // Traefik's first version had no quotes around a missing referer.
          name = 'combined';
          userAgent = line.substring(referer + 1, refererEnd);
          end = refererEnd + 1;
        } else if (referer === end + 1) end = refererEnd + 1;
      }
      if (end < line.length && ms < 0) {
        const trailing = trailingFields(line, end);
        ms = trailing.ms;
        name = trailing.program ?? name;
      }
      if (before >= 0) ms = before;
      if (ms >= 0) {
        if (name === 'combined') name = 'combined+time';
        else if (name === 'common') name = 'common+time';
      }
    }
    this.name = name;
    this.bytes = bytes;
    this.userAgent = userAgent;
    this.ms = ms;
    return null;
  }
}

/** Returns where the referer's quote is, after the size or numbers after that; -1 when there is none. */
function refererAt(line: string, at: number): number {
  if (line.charCodeAt(at) === QUOTE) return at;
  const next = line.indexOf('"', at);
  return next >= 0 && BETWEEN.test(line.substring(at, next)) ? next : -1;
}

function readBytes(line: string, from: number, to: number): number | null {
  const bytes = digitsOf(line, from, to);
  return Number.isNaN(bytes) ? bytesOf(line.substring(from, to)) : bytes;
}
