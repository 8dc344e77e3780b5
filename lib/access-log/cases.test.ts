import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { maskSecrets } from '../domain/mask-secrets';
import { takeSample } from './log-sample';
import { createLineParser, type Reading } from './parse';

const FOLDER = new URL('../../e2e/fixtures/access-log/', import.meta.url);

/** What a user expects of a value: one, or one of several. If absent, the value is not checked. */
const expected = <T extends z.ZodType>(value: T) =>
  z.union([value, z.object({ or: z.array(value) }).strict()]).optional();
const text = expected(z.string().nullable());
const number = expected(z.number().nullable());

/** A line that must be a hit, or (`orRejected`) may be rejected instead. */
const row = z
  .object({
    line: z.number(),
    time: text,
    client: text,
    method: text,
    path: text,
    status: number,
    ms: number,
    bytes: number,
    host: text,
    agent: text,
    orRejected: z.literal(true).optional(),
  })
  .strict();
const caseSchema = z.object({
  title: z.string(),
  files: z.record(
    z.string(),
    z.object({
      format: z.string().optional(),
      hits: z.array(row),
      noHits: z.record(z.string(), z.string()),
    }),
  ),
});
type Row = z.infer<typeof row>;
type Expected<T> = T | { or: T[] } | undefined;

/** The product's milliseconds may be rounded either way. */
function fits(actual: string | number | null, wanted: Expected<string | number | null>): boolean {
  if (wanted === undefined) return true;
  if (wanted !== null && typeof wanted === 'object')
    return wanted.or.some((one) => fits(actual, one));
  if (typeof actual === 'number' && typeof wanted === 'number') {
    return Math.abs(actual - wanted) <= 1;
  }
  if (wanted === 'no bot') return actual !== 'bot';
  return actual === wanted;
}

/** Returns the differences between a reading and what was expected, in words; empty when there are none. */
function differences(reading: Reading, wanted: Row): string[] {
  if (reading === null || typeof reading === 'string') {
    return wanted.orRejected ? [] : [`no hit: ${reading}`];
  }
  const actual = {
    time: new Date(reading.time)
      .toISOString()
      .replace('T', ' ')
      .replace(/(?:\.000)?Z$/, ''),
    client: reading.ip,
    method: reading.method,
    path: reading.path,
    status: reading.status,
    ms: reading.responseMs,
    bytes: reading.bytes,
    host: reading.host,
    agent: reading.client,
  };
  const found: string[] = [];
  for (const [name, value] of Object.entries(actual)) {
    const want = wanted[name as keyof typeof actual];
    const same =
      name === 'time' && typeof want === 'string' && typeof value === 'string'
        ? value.startsWith(want.replace(/(\.\d*?)0+$/, '$1'))
        : fits(value, want);
    if (!same) found.push(`${name}: ${JSON.stringify(value)}, expected ${JSON.stringify(want)}`);
  }
  return found;
}

const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((one) => one.isDirectory());

for (const { name: folder } of folders) {
  const at = new URL(`${folder}/`, FOLDER);
  if (!readdirSync(at).includes('expected.json')) continue;
  const { title, files } = caseSchema.parse(
    JSON.parse(readFileSync(new URL('expected.json', at), 'utf8')),
  );
  describe(`${folder}: ${title}`, () => {
    it.each(Object.entries(files))('every line of %s', (file, { format, hits, noHits }) => {
      const lines = readFileSync(new URL(file, at), 'utf8').split('\n');
      const parser = createLineParser({ format, path: file });
      for (const line of lines) parser.learn(line);
      const readings = lines.filter(Boolean).map((line) => parser.parse(line));
      const faults: string[] = [];
      for (const [i, reading] of readings.entries()) {
        const wanted = hits.find((one) => one.line === i + 1);
        const reason = noHits[i + 1];
        if (wanted) faults.push(...differences(reading, wanted).map((one) => `${i + 1}: ${one}`));
        else if (reason === undefined) faults.push(`${i + 1}: nothing is expected of this line`);
        else if (reading !== null && typeof reading !== 'string') {
          faults.push(`${i + 1}: a hit of ${reading.ip}, expected none: ${reason}`);
        }
      }
      expect(faults).toEqual([]);
    });
  });
}

describe('14-secrets', () => {
  it('no rejected line, nor the reason it was rejected with, gives a secret away', () => {
    const text = readFileSync(new URL('14-secrets/input.log', FOLDER), 'utf8');
    const lines = text.split('\n').filter(Boolean);
    const sample = takeSample(lines, createLineParser());
    expect(sample).toMatchObject({ hits: 2, rejected: 4 });
    expect(JSON.stringify(sample)).not.toContain('MARKER');
    expect(lines.map(maskSecrets).join()).not.toContain('MARKER');
  });
});

const linesOf = (file: string) =>
  readFileSync(new URL(file, FOLDER), 'utf8').split('\n').filter(Boolean);

describe('02-format-set-later', () => {
  it('without a format the one usual line is read; with it the others are, and what is set is all that counts', () => {
    const lines = linesOf('02-format-set-later/input.log');
    expect(takeSample(lines, createLineParser())).toMatchObject({ hits: 1, rejected: 3 });
    const format =
      '$remote_addr ~ $time_local ~ $request ~ $status ~ $body_bytes_sent ~ $request_time';
    expect(takeSample(lines, createLineParser({ format }))).toMatchObject({ hits: 3, rejected: 1 });
  });
});

describe('12-websockets', () => {
  it('14 hits, of which the upgraded ones have no response time', () => {
    const parser = createLineParser();
    const hits = linesOf('12-websockets/input.log').map((line) => parser.parse(line));
    const times = hits.map((hit) =>
      hit !== null && typeof hit !== 'string' ? hit.responseMs : -1,
    );
    expect(times.slice(0, 10)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    expect(times.slice(10)).toEqual([null, null, null, null]);
  });
});

describe('20-error-log-beside', () => {
  it('3 hits, and nothing of what the error logs quote', () => {
    const parser = createLineParser();
    const all = ['access.log', 'error.log', 'apache-error.log'].map((file) =>
      linesOf(`20-error-log-beside/${file}`).map((line) => parser.parse(line)),
    );
    expect(all.map((readings) => readings.filter((one) => one !== null).length)).toEqual([3, 0, 0]);
    expect(JSON.stringify(all)).not.toContain('100.64.10.66');
  });
});

describe('posted-other-lines', () => {
  it('what programs write about themselves is no access, and no fault of the log', () => {
    const parser = createLineParser();
    const readings = linesOf('posted-other-lines/beside.log').map((line) => parser.parse(line));
    expect(readings.filter((one) => one !== null)).toEqual([]);
  });
});
