import { clientOf } from './client';
import { NOT_LOGGED } from './endpoint';
import { addressOf, bytesOf, durationOf, shown, statusOf } from './fields';
import type { FormatReader, ParsedLine } from './parsed-line';
import {
  methodOf,
  NO_REQUEST,
  plainTargetOf,
  type Request,
  readRequest,
  targetOf,
} from './request';
import { createLocalTimeReader, epochTime, isoTime, LOCAL_TIME_LENGTH } from './timestamp';

const TIME_KEYS = [
  'time',
  'time_iso8601',
  'time_local',
  'ts',
  '@timestamp',
  'timestamp',
  'msec',
] as const;
const ADDRESS_KEYS = ['remote_addr', 'client', 'client_ip', 'ip'] as const;
const METHOD_KEYS = ['method', 'request_method'] as const;
const TARGET_KEYS = ['request_uri', 'uri', 'path', 'request'] as const;
const STATUS_KEYS = ['status', 'status_code'] as const;
const BYTES_KEYS = ['bytes', 'body_bytes_sent', 'bytes_sent'] as const;
const DURATION_KEYS = ['request_time'] as const;
const AGENT_KEYS = ['user_agent', 'http_user_agent'] as const;

type Line = Record<string, unknown>;

function isObject(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of `keys` that the line has, as text; `null` when it has none. */
function field(line: Line, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = Object.hasOwn(line, key) ? line[key] : undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
  }
  return null;
}

/** Epoch milliseconds of any of the ways nginx can write the time; NaN when it is none. */
export function createTimeReader(): (text: string) => number {
  const local = createLocalTimeReader();
  return (text) => {
    if (/^\d+(?:\.\d+)?$/.test(text)) return epochTime(Number(text));
    if (text.length === LOCAL_TIME_LENGTH && text.charAt(2) === '/') return local(text, 0);
    return isoTime(text);
  };
}

/** `escape=json` leaves a valid line; the default escaping inside a JSON template leaves `\xHH`, which JSON has not. */
function parseObject(text: string): { value: Line; escaped: boolean } | null {
  for (const escaped of [false, true]) {
    if (escaped && !text.includes('\\x')) return null;
    try {
      const value: unknown = JSON.parse(escaped ? text.replaceAll('\\x', '\\\\x') : text);
      return isObject(value) ? { value, escaped } : null;
    } catch {
      // The second round, or null.
    }
  }
  return null;
}

function requestOf(line: Line, escaped: boolean): Request {
  const read = escaped ? targetOf : plainTargetOf;
  const method = methodOf(field(line, METHOD_KEYS) ?? '');
  const text = field(line, TARGET_KEYS);
  if (text === null) return { method, path: null, endpoint: NOT_LOGGED };
  if (/^[A-Z]+ .* HTTP\//s.test(text)) return readRequest(text, 0, text.length, read);
  if (!text.startsWith('/') && text !== '*' && !text.includes('://')) return NO_REQUEST;
  return { method, ...read(text) };
}

/**
 * One JSON object a line, as `log_format … escape=json` writes it, under the names people commonly give the fields.
 * `request_time` is in seconds. Values may be numbers or text; empty text is "not logged".
 */
export function createJsonFormat(): FormatReader {
  const timeOf = createTimeReader();

  function read(text: string): ParsedLine | string {
    const parsed = parseObject(text);
    if (parsed === null) return 'not a JSON object';
    const line = parsed.value;
    const address = field(line, ADDRESS_KEYS);
    if (address === null) return `no client address (${ADDRESS_KEYS.join(', ')})`;
    const ip = addressOf(address);
    if (ip === '') return `not an IP address: ${shown(address)}`;
    const when = field(line, TIME_KEYS);
    if (when === null) return `no time (${TIME_KEYS.join(', ')})`;
    const time = timeOf(when);
    if (Number.isNaN(time)) return `no such time: ${shown(when)}`;
    const statusText = field(line, STATUS_KEYS) ?? '';
    const status = statusOf(statusText);
    if (Number.isNaN(status)) return `not a status from 100 to 599: ${shown(statusText)}`;
    const bytesText = field(line, BYTES_KEYS) ?? '';
    const bytes = bytesOf(bytesText);
    if (Number.isNaN(bytes)) return `not a number of bytes: ${shown(bytesText)}`;
    const { method, path, endpoint } = requestOf(line, parsed.escaped);
    const responseMs = durationOf(field(line, DURATION_KEYS) ?? '');
    const client = clientOf(field(line, AGENT_KEYS));
    return { time, ip, method, path, endpoint, status, responseMs, bytes, client };
  }

  return { format: 'json', read };
}
