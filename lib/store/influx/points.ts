import { CLIENT_KINDS } from '../../domain/access';
import { encodePointHit, type SpooledHit } from './hit-codec';
import { documentFields, line, nanos, tag, text } from './lines';
import type { NamedVisitor } from './own-names';

const STATE_TIME = '1';

/**
 * Returns a hit as a point. Its time is its second plus its log position in nanoseconds, so that every collector that
 * reads the line makes the same point. The file shifts the position, since lines of two files may have the same second.
 */
export function hitLine(
  hit: SpooledHit,
  collector: string,
  visitors: ReadonlyMap<number, NamedVisitor>,
): string {
  const { second, ip, endpoint, host, method, path, status, responseMs, bytes } = hit;
  const visitor = visitors.get(hit.visitor);
  const kind = CLIENT_KINDS[hit.client] ?? 'unknown';
  let fields = `client="${kind}",bot=${kind === 'bot'}`;
  if (status > 0) fields += `,status=${status}i`;
  if (responseMs >= 0) fields += `,response_time=${responseMs}`;
  if (bytes >= 0) fields += `,bytes=${bytes}i`;
  if (method !== null) fields += `,method=${text(method.slice(0, 100))}`;
  if (path !== null) fields += `,path=${text(path)}`;
  const exact = encodePointHit(hit, visitor?.key ?? '');
  fields += `,ip=${text(ip ?? visitor?.visitor.ip ?? '')},hit=${text(exact)}`;
  const hostTag = host === null ? '' : `,host=${tag(host)}`;
  return `tailscale_access,collector=${tag(collector)},device=${visitor?.device ?? 'unknown'},endpoint=${tag(endpoint)}${hostTag},user=${visitor?.user ?? 'unknown'} ${fields} ${second}${nanosecondOf(hit)}`;
}

function nanosecondOf({ fileKey, offset }: SpooledHit): string {
  const [line = '', copy = '0'] = fileKey.split('-');
  const shift = Number.parseInt(line.slice(0, 8), 16) + 7_919 * Number(copy);
  return String((offset + shift) % 1_000_000_000).padStart(9, '0');
}

/** What was counted: single hits, hits older than any in InfluxDB, or other roll-ups. */
export type Layer = HitLayer | 'sum';
export type HitLayer = 'raw' | 'past';

export const isHitLayer = (layer: string): layer is HitLayer => layer === 'raw' || layer === 'past';
export const isLayer = (layer: string): layer is Layer => isHitLayer(layer) || layer === 'sum';

/** Returns a record that the hits of an hour have changed: what was made of another `seq` is out of date. */
export const hourLine = (collector: string, layer: Layer, hour: number, seq: string) =>
  line('observatory_hours', { collector, layer }, { seq: text(seq) }, nanos(hour));

/** Distinguishes the changes of a millisecond; two processes begin with different numbers. */
let changes = Math.floor(Math.random() * 1_000_000);

/** Returns a record of what has just changed. */
export function changeLine(
  collector: string,
  now: number,
  change: { layer: string; hour: number; from: number; seq: string; step?: number },
): string {
  const { layer, hour, from, seq, step = 0 } = change;
  const fields = { change: text(JSON.stringify({ hour, from, seq, step })) };
  changes = (changes + 1) % 1_000_000;
  const order = String(changes).padStart(6, '0');
  return line('observatory_changes', { collector, layer }, fields, `${Math.trunc(now)}${order}`);
}

/** Returns a roll-up of an hour, six hours, a day or a week. */
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

/** Returns a document; the newest of a key replaces the one before. */
export const documentLine = (collector: string, key: string, bytes: Uint8Array, version: string) =>
  line(
    'observatory_document',
    { collector, key },
    { version: text(version), ...documentFields(bytes) },
    STATE_TIME,
  );
