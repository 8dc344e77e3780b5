import { type AddressKind, addressKind } from '../domain/address';
import { maskSecrets } from '../domain/mask-secrets';
import { MINUTE } from '../util/time';
import { openRegular } from './open-file';
import { type LineParser, NOT_AN_ACCESS } from './parse';

const TAIL = 64 * 1024;
const MOST_REJECTED = 5;
const MOST_PREFIXES = 3;

/** What the last lines of a log contain. */
export type LogSample = {
  hits: number;
  rejected: number;
  /** Lines that are not accesses: from an error log, or from a program about itself. */
  others: number;
  /** The formats of the hits, as `LineParser.format` names them. */
  formats: string[];
  /** The first line that was a hit, with secrets masked. */
  hitLine: string | null;
  /** Hits dated later than now, and the furthest of them, in milliseconds from now. */
  future: { hits: number; aheadMs: number };
  /** A few of the lines that no format could parse, at most 200 characters each, with secrets masked. */
  rejectedSamples: { line: string; reason: string }[];
  addresses: Record<AddressKind, number>;
  /** The most common networks of clients outside the tailnet, most first. */
  prefixes: { prefix: string; hits: number }[];
  /** Whether any hit had a response time. */
  timed: boolean;
};

/**
 * Returns the whole lines in the last 64 KiB of a file, for the log doctor. Empty for an empty file and for anything
 * but a regular file. Throws the system's error when it cannot be read.
 */
export async function sampleFile(path: string): Promise<string[]> {
  return linesBefore(path, Number.POSITIVE_INFINITY);
}

/** Returns the whole lines in the 64 KiB that end at `end`, or at the file's end. */
export async function linesBefore(path: string, end: number): Promise<string[]> {
  const handle = await openRegular(path);
  if (handle === null) return [];
  try {
    const { size } = await handle.stat();
    const stop = Math.min(size, end);
    const start = Math.max(0, stop - TAIL);
    const buffer = Buffer.alloc(stop - start);
    const { bytesRead } = await handle.read(buffer, 0, stop - start, start);
    const lines = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/);
    if (start > 0) lines.shift();
    return lines.slice(0, -1).filter((line) => line !== '');
  } finally {
    await handle.close();
  }
}

/** A smaller difference between clocks is no fault. */
const CLOCKS_DIFFER_MS = 5 * MINUTE;

/** Parses `lines`, which were read at `now`, and counts what the doctor judges. */
export function takeSample(
  lines: readonly string[],
  parser: LineParser,
  now = Number.POSITIVE_INFINITY,
): LogSample {
  const sample: LogSample = {
    hits: 0,
    rejected: 0,
    others: 0,
    formats: [],
    hitLine: null,
    future: { hits: 0, aheadMs: 0 },
    rejectedSamples: [],
    addresses: { tailnet: 0, loopback: 0, other: 0 },
    prefixes: [],
    timed: false,
  };
  const prefixes = new Map<string, number>();
  const formats = new Set<string>();
  for (const line of lines) parser.learn(line);
  for (const line of lines) {
    const parsed = parser.parse(line);
    if (parsed === NOT_AN_ACCESS) {
      sample.others++;
      continue;
    }
    if (typeof parsed === 'string') {
      sample.rejected++;
      if (sample.rejectedSamples.length < MOST_REJECTED) {
        sample.rejectedSamples.push({ line: maskSecrets(line).slice(0, 200), reason: parsed });
      }
      continue;
    }
    sample.hits++;
    sample.hitLine ??= maskSecrets(line);
    formats.add(parser.format ?? '');
    const aheadMs = parsed.time - now;
    if (aheadMs > CLOCKS_DIFFER_MS) {
      sample.future.hits++;
      sample.future.aheadMs = Math.max(sample.future.aheadMs, aheadMs);
    }
    if (parsed.responseMs !== null) sample.timed = true;
    const kind = addressKind(parsed.ip);
    sample.addresses[kind]++;
    const prefix = kind === 'tailnet' ? null : prefixOf(parsed.ip);
    if (prefix !== null) prefixes.set(prefix, (prefixes.get(prefix) ?? 0) + 1);
  }
  sample.formats = [...formats];
  sample.prefixes = [...prefixes]
    .map(([prefix, hits]) => ({ prefix, hits }))
    .sort((a, b) => b.hits - a.hits)
    .slice(0, MOST_PREFIXES);
  return sample;
}

/**
 * Returns the network that an address is likely to share with its proxy: Docker's whole range, else the /24 or the /64.
 */
function prefixOf(ip: string): string {
  const [a = '', b = '', c = ''] = ip.split('.');
  if (ip.includes(':')) return ip === '::1' ? '::1' : `${ip.split(':').slice(0, 4).join(':')}::/64`;
  if (a === '127') return '127.0.0.1';
  if (a === '172' && Number(b) >= 16 && Number(b) <= 31) return '172.16.0.0/12';
  return `${a}.${b}.${c}.0/24`;
}
