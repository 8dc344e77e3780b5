import type { Layout, Part } from './layout';
import { refuseUnlessApart, requireFields } from './nginx-format';
import { MEANINGS, type MeaningName } from './variables';

/** `%>s`, `%{Referer}i`, `%!200,304{User-Agent}i`, `%^FB`. */
const DIRECTIVE = /%(?:[!\d,]*)[<>]?(?:\{([^}]*)\})?(\^\w\w|[a-zA-Z])/g;

/** Source: https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats */
const LETTERS: Record<string, MeaningName> = {
  h: 'address',
  a: 'address',
  r: 'request',
  m: 'method',
  U: 'target',
  s: 'status',
  b: 'bytes',
  B: 'bytes',
  O: 'bytes',
  D: 'microseconds',
  v: 'host',
  V: 'host',
  u: 'free',
  q: 'free',
  f: 'free',
};
const HEADERS: Record<string, MeaningName> = { 'user-agent': 'agent', host: 'host' };
/** Whole seconds (`%T`, `%{s}T`) are too coarse for a response time. */
const TIME_UNITS: Record<string, MeaningName> = {
  ms: 'milliseconds',
  us: 'microseconds',
};

/** Returns the layout of an Apache `LogFormat` string. Throws an Error that says what is wrong with it. */
export function apacheLayout(given: string): Layout {
  const format = given
    .replace(/\\(["\\])/g, '$1')
    .replaceAll('\\t', '\t')
    .replaceAll('%%', '\u0000');
  const parts: Part[] = [];
  let end = 0;
  let literal = '';
  for (const match of format.matchAll(DIRECTIVE)) {
    const [text, argument = '', letter = ''] = match;
    literal += format.slice(end, match.index);
    end = match.index + text.length;
    const before = parts.at(-1);
    // The query belongs to the path before it.
    if (letter === 'q' && literal === '' && before?.field === 'target') continue;
    const own = letter === 't' && argument === '';
    const part: Part = {
      literal: own ? `${literal}[` : literal,
      variable: text,
      ...MEANINGS[own ? 'clfTime' : meaningOf(letter, argument)],
    };
    if (parts.length > 0 && part.literal === '') refuseUnlessApart(before, part);
    parts.push(part);
    literal = own ? ']' : '';
  }
  if (parts.some(({ variable }) => variable === '%a')) {
    for (const part of parts) if (part.variable === '%h') Object.assign(part, MEANINGS.token);
  }
  requireFields(parts, '%h or %a', '%t', 'mod_remoteip (RemoteIPHeader, RemoteIPInternalProxy)');
  const restore = (text: string) => text.replaceAll('\u0000', '%');
  for (const part of parts) part.literal = restore(part.literal);
  return { parts, end: restore(literal + format.slice(end)) };
}

function meaningOf(letter: string, argument: string): MeaningName {
  if (letter === 'i') return HEADERS[argument.toLowerCase()] ?? 'free';
  if (letter === 'o') return argument.toLowerCase() === 'content-type' ? 'contentType' : 'free';
  if (letter === 'T' && argument !== '') return TIME_UNITS[argument.toLowerCase()] ?? 'token';
  if (letter === 't') return timeMeaning(argument);
  // `%{c}a` is the peer's own address, and `%a` what mod_remoteip made of it.
  if (argument !== '') return 'free';
  return LETTERS[letter] ?? 'token';
}

/**
 * Returns the meaning of `%{…}t`: seconds and milliseconds since 1970, or strftime's directives, of which those of ISO
 * 8601 are read.
 */
function timeMeaning(argument: string): MeaningName {
  const format = argument.replace(/^(?:begin|end):/, '');
  if (format === 'sec' || format === 'msec' || format === 'usec') return 'time';
  if (/^(?:%F|%Y-%m-%d)[T ](?:%T|%H:%M:%S)(?:%z)?$/.test(format)) return 'time';
  if (/^%d\/%b\/%Y:(?:%T|%H:%M:%S) %z$/.test(format)) return 'clfTime';
  return 'free';
}
