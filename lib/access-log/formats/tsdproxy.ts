import { addressOf, hostOf, responseTime, shown, statusOf } from '../fields';
import { JsonFields, type Meaning } from '../json-fields';
import { methodOf, targetOf } from '../request';
import { createTimeReader } from '../timestamp';
import { type FormatReader, NOT_AN_ACCESS, type Reading } from './format';

const FIELDS = [
  'proxyname',
  'status',
  'method',
  'host',
  'client',
  'url',
  'elapsed',
  'time',
] as const;
type Field = (typeof FIELDS)[number];

const MEANINGS = new Map<string, Meaning<Field>>(
  FIELDS.map((field) => [field, { field, rank: 0 }]),
);

/**
 * Reads TSDProxy's JSON log (`log.json: true`): zerolog, `client` with a port, `elapsed` in milliseconds. Its lines
 * about itself have no `client`. Source: almeidapaulopt/tsdproxy `internal/core/log.go`.
 */
export function createTsdproxy(): FormatReader {
  const timeOf = createTimeReader();
  const fields = new JsonFields<Field>((path) => MEANINGS.get(path));

  function read(line: string): Reading {
    if (!fields.read(line)) return 'not a JSON object';
    const address = fields.text('client');
    const target = fields.text('url');
    if (address === null || target === null) return NOT_AN_ACCESS;
    if (fields.twice) return 'a field stands there twice';
    const ip = addressOf(address);
    if (ip === '') return `not an IP address: ${shown(address)}`;
    const time = timeOf(fields.text('time') ?? '');
    if (Number.isNaN(time)) return `no such time: ${shown(fields.text('time') ?? '')}`;
    const statusText = fields.text('status') ?? '';
    const status = statusOf(statusText);
    if (Number.isNaN(status)) return `not a status: ${shown(statusText)}`;
    const method = methodOf(fields.text('method') ?? '');
    const { path, endpoint } = targetOf(target);
    const elapsed = fields.text('elapsed') ?? '';
    const ms = /^\d{1,12}(?:\.\d+)?$/.test(elapsed) ? Math.round(Number(elapsed)) : null;
    const host = hostOf(fields.text('host') ?? '');
    const responseMs = responseTime(ms, status, method);
    return {
      time,
      ip,
      method,
      path,
      endpoint,
      status,
      responseMs,
      bytes: null,
      client: 'unknown',
      host,
    };
  }

  return { format: 'tsdproxy', read };
}
