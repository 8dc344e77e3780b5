import { type LineWriter, LOG_LINES } from '../e2e/fakes/log-lines';
import { type Chunk, eachLine } from '../lib/access-log/chunks';
import { createLineParser } from '../lib/access-log/parse';
import { digits, median } from './numbers';
import { printTable, verdict } from './table';
import { hitsOf, type Traffic } from './traffic';

/** Measures parsing alone, a format at a time, on one core: bytes of a chunk → hits. */
const TRAFFIC: Traffic = { hits: 200_000, days: 7, end: Date.UTC(2026, 10, 20) };
const ROUNDS = 5;
const CHUNK = 1024 * 1024;
/** Lines per second that Caddy's JSON has to reach. */
const CADDY_TARGET = 250_000;

const rows: string[][] = [];
const asked = process.argv.slice(2);
for (const [name, writer] of Object.entries(LOG_LINES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const chunks = chunksOf(writer);
  const speeds = Array.from({ length: ROUNDS }, () => speedOf(chunks));
  const speed = median(speeds);
  const mark = name === 'Caddy JSON' ? verdict(speed >= CADDY_TARGET) : '';
  rows.push([name, digits(speed), digits(bytesOf(chunks) / TRAFFIC.hits), mark]);
}
printTable(
  `parse: ${digits(TRAFFIC.hits)} lines each, medians of ${ROUNDS} runs`,
  ['format', 'lines a second', 'bytes a line', `reach ${digits(CADDY_TARGET)}`],
  rows,
);

function chunksOf(writer: LineWriter): Chunk[] {
  const chunks: Chunk[] = [];
  let text = '';
  let offset = 0;
  const flush = () => {
    const bytes = Buffer.from(text);
    const nextOffset = offset + bytes.length;
    chunks.push({ bytes, ascii: true, offset, nextOffset, oversized: false });
    offset = nextOffset;
    text = '';
  };
  for (const hit of hitsOf(TRAFFIC)) {
    text += `${writer(hit)}\n`;
    if (text.length >= CHUNK) flush();
  }
  flush();
  return chunks;
}

function bytesOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** Returns lines per second; every line has to be a hit. */
function speedOf(chunks: readonly Chunk[]): number {
  const parser = createLineParser();
  let hits = 0;
  let sample = '';
  // For this process alone, so that other load on the machine does not count.
  const started = process.cpuUsage();
  for (const chunk of chunks) {
    eachLine(chunk, (line) => {
      const reading = parser.parse(line ?? '');
      if (reading !== null && typeof reading !== 'string') hits++;
      else sample ||= `${reading}: ${line}`;
    });
  }
  const took = process.cpuUsage(started).user / 1_000;
  if (hits !== TRAFFIC.hits) throw new Error(`only ${hits} lines are hits; ${sample}`);
  return (hits / took) * 1_000;
}
