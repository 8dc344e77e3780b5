import * as z from 'zod';
import { SECOND } from '../../util/time';

const text = z.string();
const number = z.number();

/** A hit on its way to InfluxDB or back. Everything but its visitor's names is final. */
type CodedHit<Visitor> = {
  /** Epoch seconds, and milliseconds within the second. */
  second: number;
  millisecond: number;
  /** The file's name shared by every collector of the same log, and our own number for it. */
  fileKey: string;
  file: number;
  offset: number;
  visitor: Visitor;
  /** An address, where the visitor does not give it. */
  ip: string | null;
  endpoint: string;
  /** null: the log had none. */
  host: string | null;
  method: string | null;
  path: string | null;
  /** 0: the log had none. */
  status: number;
  /** -1: the log had none. */
  responseMs: number;
  bytes: number;
  /** Index into `CLIENT_KINDS`. */
  client: number;
};

/** A hit in the spool: its visitor by the number in our own database. */
export type SpooledHit = CodedHit<number>;
/** A hit in a point: its visitor by a key that other collectors use, too. */
export type PointHit = CodedHit<string>;

/** Returns the text that `decodePointHit` reads; `visitor` is the key of the hit's visitor. */
export const encodePointHit = (hit: SpooledHit, visitor: string): string =>
  JSON.stringify(valuesOf(hit, visitor));

/** Reads the `hit` field of a point; `null` when another program wrote it. */
export function decodePointHit(text: string): PointHit | null {
  const values = pointValues.safeParse(parsed(text)).data;
  return values ? named(values) : null;
}

/** Returns the text that `decodeSpooledHits` reads. */
export const encodeSpooledHits = (hits: readonly SpooledHit[]): string =>
  JSON.stringify(hits.map((hit) => valuesOf(hit, hit.visitor)));

/** Reads hits of the spool. Throws `ZodError` when they are damaged. */
export const decodeSpooledHits = (text: string): SpooledHit[] =>
  spooledValues.parse(parsed(text)).map((values) => named(values));

/** Splits a time in epoch milliseconds as hits store it. */
export function secondsOf(time: number): Pick<SpooledHit, 'second' | 'millisecond'> {
  const second = Math.floor(time / SECOND);
  return { second, millisecond: time - second * SECOND };
}

/** Returns the time of a hit in epoch milliseconds. */
export const timeOf = ({ second, millisecond }: SpooledHit | PointHit): number =>
  second * SECOND + millisecond;

/**
 * Describes a hit as it is written: its values without their names, in an order that other versions of this program
 * know. Only this and the two functions below depend on it; they name each value, since a loop over the names takes
 * longer than the rest.
 */
const valuesSchema = <Visitor extends z.ZodType>(visitor: Visitor) =>
  z.tuple([
    ...([number, number, text, number, number, visitor] as const),
    ...([text.nullable(), text, text.nullable(), text.nullable()] as const),
    ...([number, number, number, number] as const),
    // Since hosts are read from logs; earlier versions reject what they do not know, so it is left out where it can be.
    text.optional(),
  ]);
const spooledValues = z.array(valuesSchema(number));
const pointValues = valuesSchema(text);

type Values<Visitor> = z.infer<ReturnType<typeof valuesSchema<z.ZodType<Visitor>>>>;

function valuesOf<Visitor>(hit: SpooledHit, visitor: Visitor): Values<Visitor> {
  const { second, millisecond, fileKey, file, offset, ip, endpoint, method, path } = hit;
  const { status, responseMs, bytes, client, host } = hit;
  return [
    second,
    millisecond,
    fileKey,
    file,
    offset,
    visitor,
    ip,
    endpoint,
    method,
    path,
    status,
    responseMs,
    bytes,
    client,
    ...(host === null ? ([] as const) : ([host] as const)),
  ];
}

function named<Visitor>(values: Values<Visitor>): CodedHit<Visitor> {
  const [second, millisecond, fileKey, file, offset, visitor, ip, ...rest] = values;
  const [endpoint, method, path, status, responseMs, bytes, client, host = null] = rest;
  return {
    second,
    millisecond,
    fileKey,
    file,
    offset,
    visitor,
    ip,
    endpoint,
    host,
    method,
    path,
    status,
    responseMs,
    bytes,
    client,
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
