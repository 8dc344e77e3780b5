import { clientOf } from './client';
import { NOT_LOGGED } from './endpoint';
import { closingQuote } from './escapes';
import { addressOf, bytesOf, durationOf, shown, statusOf } from './fields';
import { createTimeReader } from './json-format';
import type { FormatReader, ParsedLine } from './parsed-line';
import { methodOf, NO_REQUEST, type Request, readRequest, targetOf } from './request';

const TIMES = ['time_local', 'time_iso8601', 'msec'];
const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/g;

type Part = { literal: string; variable: string };
type Layout = { parts: Part[]; end: string };
type Values = Map<string, string>;

/**
 * What is between the quotes when somebody pasted the whole directive
 * (`log_format main escape=json '…' '…';`), else the text as it is.
 */
function formatText(given: string): string {
  const text = given.trim();
  if (!/^log_format\s/.test(text)) return text;
  const strings = text.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/gs) ?? [];
  if (strings.length === 0) throw new Error('the log_format directive has no quoted format');
  return strings.map((part) => part.slice(1, -1).replace(/\\(['"\\])/g, '$1')).join('');
}

function layoutOf(format: string): Layout {
  const parts: Part[] = [];
  let end = 0;
  for (const match of format.matchAll(VARIABLE)) {
    const literal = format.slice(end, match.index);
    const variable = match[1] ?? match[2] ?? '';
    const before = parts.at(-1);
    if (before !== undefined && literal === '') {
      throw new Error(
        `nothing stands between $${before.variable} and $${variable}, so they cannot be told apart`,
      );
    }
    parts.push({ literal, variable });
    end = match.index + match[0].length;
  }
  return { parts, end: format.slice(end) };
}

/** Where `literal` ends the value that starts at `from`, or -1. A quote that the value has escaped does not end it. */
function literalAt(line: string, literal: string, from: number): number {
  if (!literal.startsWith('"')) return line.indexOf(literal, from);
  let at = closingQuote(line, from);
  while (at >= 0 && !line.startsWith(literal, at)) at = closingQuote(line, at + 1);
  return at;
}

/** The values of a line by variable, or the reason it does not fit. The first of a repeated variable counts. */
function valuesOf(line: string, { parts, end }: Layout): Values | string {
  const values: Values = new Map();
  let at = parts[0]?.literal.length ?? 0;
  if (!line.startsWith(parts[0]?.literal ?? '')) {
    return `does not start with ${shown(parts[0]?.literal ?? '')}`;
  }
  for (const [index, { variable }] of parts.entries()) {
    const next = parts[index + 1];
    const literal = next === undefined ? end : next.literal;
    const stop = literal === '' ? line.length : literalAt(line, literal, at);
    if (stop < 0) return `no ${shown(literal)} after $${variable}`;
    if (!values.has(variable)) values.set(variable, line.substring(at, stop));
    at = stop + literal.length;
  }
  return at === line.length ? values : `goes on after the format's end: ${shown(line.slice(at))}`;
}

function requestOf(values: Values): Request {
  const request = values.get('request');
  if (request !== undefined) return readRequest(request, 0, request.length);
  const method = methodOf(values.get('request_method') ?? '');
  const target = values.get('request_uri') ?? values.get('uri');
  if (target === undefined) return { method, path: null, endpoint: NOT_LOGGED };
  const cut = target.search(/[?#]/);
  const read = targetOf(cut < 0 ? target : target.slice(0, cut));
  return read.path === null ? NO_REQUEST : { method, ...read };
}

/**
 * Reads lines of an nginx `log_format` string (or of the whole pasted directive). It understands `$remote_addr`,
 * `$time_local`, `$time_iso8601`, `$msec`, `$request`, `$request_method`, `$request_uri`, `$uri`, `$status`,
 * `$body_bytes_sent`, `$bytes_sent`, `$request_time` and `$http_user_agent` and skips every other variable;
 * `$http_x_forwarded_for` above all: a client can write any address there.
 *
 * Throws an Error that says what is wrong with the format.
 * Source of the variables: https://nginx.org/en/docs/http/ngx_http_log_module.html
 */
export function createLogFormat(given: string): FormatReader {
  const layout = layoutOf(formatText(given));
  const names = new Set(layout.parts.map((part) => part.variable));
  if (!names.has('remote_addr')) {
    throw new Error(
      'the format has no $remote_addr, so nobody could tell who made a request (a forwarded header can be forged; let nginx put the real address into $remote_addr with set_real_ip_from)',
    );
  }
  const timeName = TIMES.find((name) => names.has(name));
  if (timeName === undefined) {
    throw new Error('the format has no time: add $time_local, $time_iso8601 or $msec');
  }
  const timeOf = createTimeReader();

  function read(line: string): ParsedLine | string {
    const values = valuesOf(line, layout);
    if (typeof values === 'string') return values;
    const text = (name: string) => values.get(name) ?? '';
    const ip = addressOf(text('remote_addr'));
    if (ip === '') return `$remote_addr is not an IP address: ${shown(text('remote_addr'))}`;
    const time = timeOf(text(timeName ?? ''));
    if (Number.isNaN(time)) return `$${timeName} is no such time: ${shown(text(timeName ?? ''))}`;
    const status = statusOf(text('status'));
    if (Number.isNaN(status)) return `$status is not from 100 to 599: ${shown(text('status'))}`;
    const sent = values.get('body_bytes_sent') ?? text('bytes_sent');
    const bytes = bytesOf(sent);
    if (Number.isNaN(bytes)) return `not a number of bytes: ${shown(sent)}`;
    const { method, path, endpoint } = requestOf(values);
    const responseMs = durationOf(text('request_time'));
    const client = clientOf(values.get('http_user_agent') ?? null);
    return { time, ip, method, path, endpoint, status, responseMs, bytes, client };
  }

  return { format: 'custom', read };
}
