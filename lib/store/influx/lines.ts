import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { escape as escaped } from '@influxdata/influxdb-client';

/** Line protocol: https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/ */

/** InfluxDB takes strings of up to 64 KiB in a field. */
const PART = 60_000;
/** A tag is for people to group by; longer ones are truncated. */
const LONGEST_TAG = 200;
/** The most that is unpacked of a document. */
const LONGEST_DOCUMENT = 256 * 1024 * 1024;

/**
 * Returns a name as a tag value: never empty, and without what line protocol cannot carry in a tag. A backslash becomes
 * a slash (a trailing one would swallow the separator after it), control characters become spaces. A field has the
 * exact name wherever it is needed again.
 */
export function tag(value: string): string {
  const plain = value
    .slice(0, LONGEST_TAG)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be replaced.
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, ' ')
    .replaceAll('\\', '/')
    .trim();
  return escaped.tag(plain === '' ? '-' : wellFormed(plain));
}

/** Returns a key that finds what is tagged with a name: the name itself, or a digest of one that no tag can carry. */
export function tagKey(name: string): string {
  return name !== '' && tag(name) === escaped.tag(name) ? name : `~${digest(name)}`;
}

/** Returns a string field, quotes included. NUL, at which SQLite ends a text, becomes U+FFFD. */
export const text = (value: string) => escaped.quoted(wellFormed(value).replaceAll('\0', '\ufffd'));

/** Replaces half of a surrogate pair, which UTF-8 cannot carry, with U+FFFD. */
const wellFormed = (value: string) => Buffer.from(value).toString();

/** Returns a whole number field. */
export const whole = (value: number) => `${Math.trunc(value)}i`;

/** Returns one line. Fields that are `null` are left out; without fields there is no line. `nanoseconds` as digits. */
export function line(
  measurement: string,
  tags: Record<string, string>,
  fields: Record<string, string | number | boolean | null>,
  nanoseconds: string,
): string {
  const labels = Object.entries(tags)
    .map(([name, value]) => `,${name}=${tag(value)}`)
    .join('');
  const values = Object.entries(fields)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]))
    .join(',');
  return `${measurement}${labels} ${values} ${nanoseconds}`;
}

/** Converts milliseconds to nanoseconds. */
export const nanos = (ms: number) => `${Math.trunc(ms)}000000`;

/**
 * Returns bytes as fields `n`, `p0`, `p1` …: compressed, in as many parts as necessary. Each part begins with the same
 * stamp, so that a reader detects a mixture of two versions.
 */
export function documentFields(bytes: Uint8Array): Record<string, string> {
  const stamp = randomBytes(6).toString('base64url');
  const packed = deflateRawSync(bytes, { level: 4 }).toString('base64');
  const parts = Math.max(1, Math.ceil(packed.length / PART));
  const fields: Record<string, string> = { n: text(`${stamp}${parts}`) };
  for (let i = 0; i < parts; i++) {
    fields[`p${i}`] = text(stamp + packed.slice(i * PART, (i + 1) * PART));
  }
  return fields;
}

const STAMP = 8;

/** Returns the bytes of a document from its fields; `null` when they are not of one version. */
export function documentOf(fields: ReadonlyMap<string, string>): Buffer | null {
  const first = fields.get('n') ?? '';
  const stamp = first.slice(0, STAMP);
  const parts = Number(first.slice(STAMP));
  if (stamp.length !== STAMP || !Number.isInteger(parts) || parts < 1) return null;
  let packed = '';
  for (let i = 0; i < parts; i++) {
    const part = fields.get(`p${i}`);
    if (part === undefined || !part.startsWith(stamp)) return null;
    packed += part.slice(STAMP);
  }
  try {
    return inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: LONGEST_DOCUMENT });
  } catch {
    return null;
  }
}

/** Returns twelve hexadecimal digits that tell one text from another. */
export const digest = (value: string | Uint8Array) =>
  createHash('sha256').update(value).digest('hex').slice(0, 12);
