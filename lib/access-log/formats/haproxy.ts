import { addressOf, bytesOf, hostOf, responseTime, shown, statusOf } from '../fields';
import { NO_REQUEST, readRequest } from '../request';
import { createTimeReader } from '../timestamp';
import { type FormatReader, NOT_AN_ACCESS, type Reading } from './format';

/** `client:port [accept time] frontend …`: HTTP, TCP and error lines begin alike. */
const START =
  /^(\S+):(\d{1,5}) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d{3})?(?: [+-]\d{4})?)\] \S+/;
/**
 * After the frontend: `backend/server TR/Tw/Tc/Tr/Ta status bytes cookies flags connections queues {captures} "`, and
 * words that people add before the times, such as the host, and before the request.
 */
const HTTP =
  /^ \S+\/\S+ ((?:[^\s"{/]+ ){0,2})(?:-?\d+\/){4}\+?(-?\d+) (-?\d+) \+?(\d+) \S+ \S+ [\w-]{4} \d+\/\d+\/\d+\/\d+\/\+?\d+ \d+\/\d+ (?:\{.*?\} ){0,2}(?:[^\s"{]\S* ){0,4}"/;
/** Times and what follows, of which there is one: a client may have written another into a word before them. */
const TIMES = /(?:-?\d+\/){4}\+?-?\d+ -?\d+ \+?\d+ /g;
/** `option httpslog` after the request: errors, then server name, version, cipher. */
const TLS = /^ \d+\/[^/ ]*\/[^/ ]*\/[^/ ]*\/\d+ ([^/ ]+)\/[^/ ]+\/\S+$/;

/** Returns whether a line begins like all of HAProxy's default formats. */
export function looksLikeHaproxy(line: string): boolean {
  return START.test(line);
}

/**
 * Reads HAProxy's `option httplog` and `option httpslog`. The response time is `Ta`, the fifth of the five; the time is
 * in the machine's zone, which is not logged. Braces contain captured headers, which clients write: nothing is taken
 * from there. TCP lines and errors begin the same and are not accesses. Source: HAProxy's docs/configuration.txt, "HTTP
 * log format", "HTTPS log format".
 */
export function createHaproxy(): FormatReader {
  const timeOf = createTimeReader();

  function read(line: string): Reading {
    const start = START.exec(line);
    if (start === null) return "not HAProxy's format";
    const [{ length }, address = '', , when = ''] = start;
    const http = HTTP.exec(line.slice(length));
    if (http === null) return NOT_AN_ACCESS;
    const [{ length: httpLength }, words = '', total = '', statusText = '', bytesText = ''] = http;
    if (words !== '' && http[0].match(TIMES)?.length !== 1) return NOT_AN_ACCESS;
    const ip = addressOf(address);
    if (ip === '') return `not an IP address: ${shown(address)}`;
    const time = timeOf(when);
    if (Number.isNaN(time)) return `no such time: ${shown(when)}`;
    const status = statusText === '-1' ? null : statusOf(statusText);
    if (Number.isNaN(status)) return `not a status: ${shown(statusText)}`;
    const from = length + httpLength;
    const quote = line.indexOf('"', from);
    // A request longer than the syslog line has lost its end and its closing quote.
    const request = decoded(quote < 0 ? '' : line.substring(from, quote));
    const { method, path, endpoint } =
      quote < 0 ? NO_REQUEST : readRequest(request, 0, request.length);
    const ms = Number(total);
    return {
      time,
      ip,
      method,
      path,
      endpoint,
      status,
      responseMs: responseTime(ms < 0 ? null : ms, status, method),
      bytes: bytesOf(bytesText),
      client: 'unknown',
      host: hostFrom(request, quote < 0 ? '' : line.slice(quote + 1)),
    };
  }

  return { format: 'haproxy', read };
}

/**
 * Returns the host. HTTP/2 requests are logged with their authority; `option httpslog` adds the name requested by TLS.
 */
function hostFrom(request: string, behind: string): string | null {
  const authority = /^\S+ https?:\/\/([^/?# ]+)/.exec(request)?.[1];
  const name = TLS.exec(behind.trimEnd())?.[1];
  return hostOf(authority?.replace(/^.*@/, '') ?? name ?? '-');
}

/** Decodes characters that HAProxy writes as `#` and two digits because they could break the line. */
function decoded(text: string): string {
  if (!text.includes('#')) return text;
  return text.replace(/(?:#[0-9A-F]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('#', ''), 'hex').toString('utf8'),
  );
}
