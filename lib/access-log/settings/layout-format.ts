import { clientOf } from '../client';
import { NOT_LOGGED } from '../endpoint';
import {
  addressOf,
  bytesOf,
  durationOf,
  hostOf,
  responseTime,
  shown,
  statusOf,
  unitDurationOf,
} from '../fields';
import type { FormatReader, Reading } from '../formats/format';
import { methodOf, NO_REQUEST, type Request, readRequest, targetOf } from '../request';
import { createTimeReader } from '../timestamp';
import { type Field, type Layout, LayoutReader, type Values } from './layout';

/**
 * Reads lines of a configured format, by its variables. Unknown ones are skipped; above all a forwarded address, which
 * any client can write.
 */
export function createLayoutFormat(layout: Layout): FormatReader {
  const reader = new LayoutReader(layout);
  const timeOf = createTimeReader();
  const nameOf = (field: Field) =>
    layout.parts.find((part) => part.field === field)?.variable ?? field;

  function read(line: string): Reading {
    const values = reader.read(line);
    if (typeof values === 'string') return values;
    const text = (field: Field) => values.get(field) ?? '';
    const ip = addressOf(text('ip'));
    if (ip === '') return `${nameOf('ip')} is not an IP address: ${shown(text('ip'))}`;
    const time = timeOf(text('time'));
    if (Number.isNaN(time)) return `${nameOf('time')} is no such time: ${shown(text('time'))}`;
    const status = statusOf(text('status'));
    if (Number.isNaN(status))
      return `${nameOf('status')} is not a status: ${shown(text('status'))}`;
    const bytes = bytesOf(text('bytes'));
    if (Number.isNaN(bytes))
      return `${nameOf('bytes')} is no number of bytes: ${shown(text('bytes'))}`;
    const { method, path, endpoint } = requestOf(values);
    const streamed = text('contentType').startsWith('text/event-stream');
    const ms = streamed ? null : durationMs(values);
    const responseMs = responseTime(ms, status, method);
    const client = clientOf(values.get('agent') ?? null);
    const host = hostOf(text('host'));
    return { time, ip, method, path, endpoint, status, responseMs, bytes, client, host };
  }

  return { format: 'custom', read };
}

function requestOf(values: Values): Request {
  const request = values.get('request');
  if (request !== undefined) return readRequest(request, 0, request.length);
  const method = methodOf(values.get('method') ?? '');
  const target = values.get('target') ?? values.get('rewritten');
  if (target === undefined) return { method, path: null, endpoint: NOT_LOGGED };
  const read = targetOf(target);
  return read.path === null ? NO_REQUEST : { method, ...read };
}

/** The format may name the unit; `%T` may also have one in its value. */
function durationMs(values: Values): number | null {
  const seconds = values.get('seconds');
  if (seconds !== undefined) return durationOf(seconds) ?? unitDurationOf(seconds);
  for (const [field, factor] of [
    ['milliseconds', 1],
    ['microseconds', 1e-3],
  ] as const) {
    const text = values.get(field);
    if (text !== undefined && /^\d{1,15}$/.test(text)) return Math.round(Number(text) * factor);
  }
  return null;
}
