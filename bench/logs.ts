import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { fetchTimed } from './http';
import { digits, median, megabytes, ms, p95 } from './numbers';
import { residentMemory, startProduct } from './product';
import { randomNumbers } from './random';
import { printTable, verdict } from './table';
import { workFolder } from './work-folder';

const TOTAL_BYTES = 1_000_000_000;
/** Like the product's own: a file is closed and compressed when it reaches this size. */
const FILE_BYTES = 16 * 1024 * 1024;
const ROUNDS = 30;
const TARGET_MS = 300;
const TARGET_GROWTH = 50_000_000;
/** One line in this many is an error; in the other log errors are so rare that there are only a hundred. */
const OFTEN = 1_000;
const SELDOM = 40_000;

const rows: string[][] = [];
for (const [name, every] of [
  ['an error in 1,000 lines', OFTEN],
  ['an error in 40,000 lines', SELDOM],
] as const) {
  const folder = await logFolder(every);
  const idle = await workFolder('logs-product');
  const accessLog = path.join(idle, 'access.log');
  await writeFile(accessLog, '');
  const product = await startProduct(5, {
    dataDir: path.join(idle, 'data'),
    accessLog,
    env: { LOG_DIR: folder, LOG_KEEP_DAYS: '3650', LOG_TOTAL_MB: '100000' },
  });
  try {
    const url = `${product.url}/logs/search?level=ERROR&hours=87600&limit=100`;
    await fetchTimed(`${product.url}/logs/search?level=ERROR&limit=1`);
    const before = await residentMemory(product.pid);
    const took: number[] = [];
    let answer: { entries: unknown[]; scanned_bytes: number; complete: boolean } | undefined;
    for (let i = 0; i < ROUNDS; i++) {
      const { took: time, body } = await fetchTimed(url);
      took.push(time);
      answer = JSON.parse(body);
    }
    const growth = (await residentMemory(product.pid)).most - before.now;
    const often = every === OFTEN;
    rows.push([
      name,
      `${answer?.entries.length} found, ${megabytes(answer?.scanned_bytes ?? 0)} looked at${answer?.complete ? '' : ', cut short'}`,
      `${digits(median(took))}, ${ms(p95(took))}`,
      often ? verdict(median(took) <= TARGET_MS) : '',
      megabytes(Math.max(0, growth)),
      often ? verdict(growth <= TARGET_GROWTH) : '',
    ]);
  } finally {
    await product.stop();
  }
}
printTable(
  `logs: the newest 100 errors of a log of 1 GB, over HTTP, ${ROUNDS} times`,
  ['log', 'answer', 'median, p95', '≤ 300 ms', 'memory growth, the most', '≤ 50 MB'],
  rows,
);

/** Returns a log as the product would have left it: all files but the newest compressed. Reused when it exists. */
async function logFolder(every: number): Promise<string> {
  const folder = await workFolder(`logs-${every}`);
  const files = Math.ceil(TOTAL_BYTES / FILE_BYTES);
  if ((await readdir(folder)).length >= files) return folder;
  console.log(`making a log of 1 GB with an error in ${every.toLocaleString('en')} lines …`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const random = randomNumbers(7);
  const begin = Date.UTC(2026, 0, 1);
  let n = 0;
  for (let file = 0; file < files; file++) {
    const startedAt = begin + n * 20;
    const lines: string[] = [];
    for (let bytes = 0; bytes < FILE_BYTES; n++) {
      const line = aLine(n, begin + n * 20, n % every === 0, random);
      bytes += line.length;
      lines.push(line);
    }
    const stamp = new Date(startedAt).toISOString().replace(/[-:.]/g, '');
    const target = path.join(folder, `observatory-${stamp}.log`);
    const text = lines.join('');
    if (file === files - 1) await writeFile(target, text);
    else await writeFile(`${target}.gz`, gzipSync(text, { level: 1 }));
  }
  return folder;
}

function aLine(n: number, time: number, error: boolean, random: () => number): string {
  const id = Math.floor(random() * 2 ** 48).toString(16);
  return `${JSON.stringify({
    level: error ? 'ERROR' : 'INFO',
    timestamp: new Date(time).toISOString(),
    logger: 'api',
    module: 'lib/api/handle',
    function: 'handle',
    line: 41,
    request_id: id,
    user: `user-${n % 7}@example.com`,
    ...(error && {
      exception: `Error: it broke\n${'    at handle (lib/api/handle.ts:41:9)\n'.repeat(8)}`,
    }),
    data: { path: `/analytics/devices?n=${n}`, status: 200 },
    message: error ? 'a request failed' : 'a request was answered',
  })}\n`;
}
