import { CLIENT_KINDS, type Visitor } from '../../domain/access';
import { documentFields, line, nanos, tag, text } from './lines';
import type { SpooledHit } from './spool';

const STATE_TIME = '1';

/** A visitor as points name it: `user` and `device` are ready-made tags. */
export type NamedVisitor = { visitor: Visitor; key: string; user: string; device: string };

/**
 * A hit as a point. Its time is its second plus its place in the log in nanoseconds: whoever reads the same line makes
 * the same point. The file shifts the place, since the lines of two files may meet in one second.
 */
export function hitLine(
  hit: SpooledHit,
  collector: string,
  visitors: ReadonlyMap<number, NamedVisitor>,
): string {
  const [
    second,
    ms,
    key,
    file,
    offset,
    id,
    ip,
    endpoint,
    method,
    path,
    status,
    took,
    bytes,
    client,
  ] = hit;
  const visitor = visitors.get(id);
  const shift = Number.parseInt(key.slice(0, 8), 16) + 7_919 * Number(key.split('-')[1] ?? 0);
  const nanosecond = String((offset + shift) % 1_000_000_000).padStart(9, '0');
  const kind = CLIENT_KINDS[client] ?? 'unknown';
  const exact = [second, ms, key, file, offset, visitor?.key ?? '', ip, endpoint];
  exact.push(method, path, status, took, bytes, client);
  let fields = `client="${kind}",bot=${kind === 'bot'}`;
  if (status > 0) fields += `,status=${status}i`;
  if (took >= 0) fields += `,response_time=${took}`;
  if (bytes >= 0) fields += `,bytes=${bytes}i`;
  if (method !== null) fields += `,method=${text(method.slice(0, 100))}`;
  if (path !== null) fields += `,path=${text(path)}`;
  fields += `,ip=${text(ip ?? visitor?.visitor.ip ?? '')},hit=${text(JSON.stringify(exact))}`;
  return `tailscale_access,collector=${tag(collector)},device=${visitor?.device ?? 'unknown'},endpoint=${tag(endpoint)},user=${visitor?.user ?? 'unknown'} ${fields} ${second}${nanosecond}`;
}

export type Layer = 'raw' | 'past' | 'sum';

/** Says that the hits of an hour have changed: what was made of another `seq` is out of date. */
export const hourLine = (collector: string, layer: Layer, hour: number, seq: string) =>
  line('observatory_hours', { collector, layer }, { seq: text(seq) }, nanos(hour));

/** Keeps the changes of a millisecond apart; two processes begin at different ends. */
let told = Math.floor(Math.random() * 1_000_000);

/** Tells readers what has just changed. */
export function changeLine(
  collector: string,
  now: number,
  change: { layer: string; hour: number; from: number; seq: string; step?: number },
): string {
  const { layer, hour, from, seq, step = 0 } = change;
  const fields = { change: text(JSON.stringify({ hour, from, seq, step })) };
  told = (told + 1) % 1_000_000;
  const order = String(told).padStart(6, '0');
  return line('observatory_changes', { collector, layer }, fields, `${Math.trunc(now)}${order}`);
}

/** A roll-up of hours, six hours, days or weeks. */
export const rollUpLine = (
  collector: string,
  layer: Layer,
  step: number,
  start: number,
  packed: Uint8Array,
  of: string,
) =>
  line(
    'observatory_rollup',
    { collector, layer, step: String(step) },
    { of: text(of), ...documentFields(packed) },
    nanos(start),
  );

/** A document: one of a key, the newest instead of the one before. */
export const documentLine = (collector: string, key: string, bytes: Uint8Array, version: string) =>
  line(
    'observatory_document',
    { collector, key },
    { version: text(version), ...documentFields(bytes) },
    STATE_TIME,
  );
