import { clientOf } from '../client';
import { NOT_LOGGED } from '../endpoint';
import { unescaped } from '../escapes';
import { addressOf, bytesOf, hostOf, responseTime, shown, statusOf } from '../fields';
import { JsonFields, type Meaning } from '../json-fields';
import { methodOf, targetOf } from '../request';
import { createTimeReader } from '../timestamp';
import { type FormatReader, NOT_AN_ACCESS, type Reading } from './format';

const FIELDS = [
  'ClientHost',
  'ClientAddr',
  'DownstreamContentSize',
  'DownstreamStatus',
  'Duration',
  'OriginContentSize',
  'OriginStatus',
  'RequestHost',
  'RequestAddr',
  'RequestMethod',
  'RequestPath',
  'StartUTC',
  'StartLocal',
  'time',
  'request_User-Agent',
  'request_Accept',
  'request_Upgrade',
  'downstream_Content-Type',
  'origin_Content-Type',
] as const;
type Field = (typeof FIELDS)[number];

const MEANINGS = new Map<string, Meaning<Field>>(
  FIELDS.map((field) => [field, { field, rank: 0 }]),
);

/**
 * Reads Traefik's `accesslog.format: json`. The client is `ClientHost`: the peer, or what a trusted proxy forwarded,
 * and then it may be a list, of which clients write the first. `Duration` is in nanoseconds; what the client received
 * is `Downstream…`. By default headers are dropped, so there is no agent; where they are kept, they show streams. Source: traefik/traefik
 * `pkg/middlewares/accesslog/logdata.go`, `logger.go`.
 */
export function createTraefik(): FormatReader {
  const timeOf = createTimeReader();
  const fields = new JsonFields<Field>((path) => MEANINGS.get(path));
  const first = (...names: Field[]) => {
    for (const name of names) {
      const text = fields.text(name);
      if (text !== null && text !== '' && text !== '-') return text;
    }
    return '';
  };

  function read(line: string): Reading {
    if (!fields.read(line)) return 'not a JSON object';
    const address = first('ClientHost', 'ClientAddr');
    if (address === '') return NOT_AN_ACCESS;
    if (fields.twice) return 'a field stands there twice';
    if (address.includes(',')) {
      return `ClientHost is a list, of which clients write the first: ${shown(address)}`;
    }
    // `ClientHost` may be redacted; the peer is then known all the same.
    const ip = addressOf(address) || addressOf(first('ClientAddr'));
    if (ip === '') return `not an IP address: ${shown(address)}`;
    const when = first('StartUTC', 'StartLocal', 'time');
    const time = timeOf(when);
    if (Number.isNaN(time)) return `no such time: ${shown(when)}`;
    const statusText = first('DownstreamStatus', 'OriginStatus');
    const status = statusOf(statusText);
    if (Number.isNaN(status)) return `not a status: ${shown(statusText)}`;
    const bytes = bytesOf(first('DownstreamContentSize', 'OriginContentSize'));
    const method = methodOf(first('RequestMethod'));
    const target = first('RequestPath');
    const { path, endpoint } =
      target === '' ? { path: null, endpoint: NOT_LOGGED } : targetOf(target);
    const streamed =
      first('downstream_Content-Type', 'origin_Content-Type').includes('text/event-stream') ||
      first('request_Accept') === 'text/event-stream' ||
      /websocket/i.test(first('request_Upgrade'));
    const duration = first('Duration');
    const ms = /^\d{1,18}$/.test(duration) && !streamed ? Math.round(Number(duration) / 1e6) : null;
    return {
      time,
      ip,
      method,
      path,
      endpoint,
      status,
      responseMs: responseTime(ms, status, method),
      bytes: Number.isNaN(bytes) ? null : bytes,
      client: clientOf(unescapedOrNull(first('request_User-Agent'))),
      host: hostOf(first('RequestHost', 'RequestAddr')),
    };
  }

  return { format: 'traefik', read };
}

function unescapedOrNull(text: string): string | null {
  return text === '' ? null : unescaped(text);
}
