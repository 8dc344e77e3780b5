import { createWriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type LineWriter, LOG_LINES } from '../e2e/fakes/log-lines';
import { DAY } from '../lib/util/time';
import { hitsOf, type Traffic } from './traffic';
import { workFolder } from './work-folder';

const LINES_A_CHUNK = 5_000;

/** The log that every ingest measurement uses: a million lines, thirty days up to last midnight (UTC). */
export const MILLION: Traffic = {
  hits: 1_000_000,
  days: 30,
  end: Math.floor(Date.now() / DAY) * DAY,
};

/** A smaller one, for formats with long lines. */
export const THIRD: Traffic = { ...MILLION, hits: 300_000 };

/** Returns the traffic as a log; written once, then reused. */
export async function accessLog(
  traffic: Traffic,
  format: 'combined+time' | 'Caddy JSON' = 'combined+time',
): Promise<string> {
  const { hits, days, end } = traffic;
  const name = `access-${format.replaceAll(' ', '-')}-${hits}-${days}-${end}.log`;
  const file = path.join(await workFolder(), name);
  const exists = await stat(file).then(
    () => true,
    () => false,
  );
  if (exists) return file;
  const lines = chunks(traffic, LOG_LINES[format]);
  await pipeline(Readable.from(lines), createWriteStream(`${file}.part`));
  await rename(`${file}.part`, file);
  return file;
}

function* chunks(traffic: Traffic, lineOf: LineWriter): Generator<string> {
  let lines: string[] = [];
  for (const hit of hitsOf(traffic)) {
    lines.push(`${lineOf(hit)}\n`);
    if (lines.length < LINES_A_CHUNK) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}
