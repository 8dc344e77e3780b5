import { createWriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DAY } from '../lib/util/time';
import { hitsOf, type Traffic } from './traffic';
import { workFolder } from './work-folder';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LINES_A_CHUNK = 5_000;

/** The log that every ingest measurement uses: a million lines, thirty days up to last midnight (UTC). */
export const MILLION: Traffic = {
  hits: 1_000_000,
  days: 30,
  end: Math.floor(Date.now() / DAY) * DAY,
};

/** Returns the traffic as a log in the combined format with `$request_time`; written once, then reused. */
export async function accessLog(traffic: Traffic): Promise<string> {
  const { hits, days, end } = traffic;
  const file = path.join(await workFolder(), `access-${hits}-${days}-${end}.log`);
  const exists = await stat(file).then(
    () => true,
    () => false,
  );
  if (exists) return file;
  await pipeline(Readable.from(chunks(traffic)), createWriteStream(`${file}.part`));
  await rename(`${file}.part`, file);
  return file;
}

function* chunks(traffic: Traffic): Generator<string> {
  let lines: string[] = [];
  for (const hit of hitsOf(traffic)) {
    const { ip, time, method, path, query, status, bytes, userAgent, responseMs } = hit;
    lines.push(
      `${ip} - - [${clf(time)}] "${method} ${path}${query} HTTP/1.1" ${status} ${bytes} "-" "${userAgent}" ${(responseMs / 1_000).toFixed(3)}\n`,
    );
    if (lines.length < LINES_A_CHUNK) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}

/** Formats a time like nginx's `$time_local`. */
function clf(time: number): string {
  const date = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock} +0000`;
}
