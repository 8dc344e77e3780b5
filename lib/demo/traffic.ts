import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createGzip } from 'node:zlib';
import type { Collector } from '../collect/collector';
import { demoOnline } from '../tailscale/demo-behaviour';
import { type DemoNode, demoNodes } from '../tailscale/demo-nodes';
import { DAY, HOUR, MINUTE } from '../util/time';
import { HABITS, PAGES, pick } from './services';

/** The part of the history that has not been rotated yet. */
const RECENT = 3 * DAY;
const ROTATE_ABOVE = 8 * 1024 * 1024;
/** Average pause between two accesses, in milliseconds. */
const PAUSE = 75_000;
/** Who is online is looked up once for this long. */
const LOOK = 10 * MINUTE;
const FIREFOX = 'Gecko/20100101 Firefox/145.0';
const AGENTS: Record<string, string> = {
  iOS: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  macOS:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
  windows: `Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) ${FIREFOX}`,
  linux: 'curl/8.14.1',
};

type Client = { node: DemoNode; weight: number };

/** Writes the demo's access log: an occasional access, as nginx would log it. */
export class DemoTraffic implements Collector {
  readonly name = 'demo_traffic';
  readonly schedule = '*/3 * * * * *';

  constructor(
    private readonly log: string,
    private readonly now: () => number = Date.now,
    private readonly random: () => number = Math.random,
  ) {}

  async run(): Promise<void> {
    const now = this.now();
    const written = await stat(this.log).catch(() => null);
    // Days without running leave a gap, as with a real server.
    const since = Math.max(written?.mtimeMs ?? 0, now - MINUTE);
    if (written && written.size > ROTATE_ABOVE) await rename(this.log, `${this.log}.1`);
    const lines = [...accesses(since, now, this.random, 4)].join('');
    if (lines === '') return;
    const file = await open(this.log, 'a');
    await file.appendFile(lines);
    await file.close();
  }
}

/**
 * Writes the log of the time from `from` to `to`, its older part rotated and compressed as logrotate does. The log
 * itself appears last, and whole.
 */
export async function writeTrafficHistory(
  log: string,
  from: number,
  to: number,
  random: () => number = Math.random,
): Promise<void> {
  await mkdir(path.dirname(log), { recursive: true });
  const gzip = createGzip({ level: 1 });
  const rotated = gzip.pipe(createWriteStream(`${log}.2.gz`));
  for (let day = from; day < to - RECENT; day += DAY) {
    const lines = [...accesses(day, Math.min(day + DAY, to - RECENT), random)].join('');
    if (!gzip.write(lines)) await once(gzip, 'drain');
  }
  gzip.end();
  await once(rotated, 'finish');
  const unfinished = `${log}.unfinished`;
  await writeFile(unfinished, [...accesses(to - RECENT, to, random)].join(''));
  await rename(unfinished, log);
}

/** Gives the log lines of accesses between two times; `pace` times as many as usual. */
function* accesses(from: number, to: number, random: () => number, pace = 1): Generator<string> {
  let clients: Client[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let time = from;
  for (;;) {
    time += (-Math.log(1 - random()) * PAUSE) / pace / busyness(time);
    if (time >= to) return;
    if (time - lookedAt >= LOOK) {
      clients = clientsAt(time, to);
      lookedAt = time;
    }
    const client = pick(clients, random());
    const line = client && access(client.node, time, random);
    if (line) yield line;
  }
}

function clientsAt(time: number, present: number): Client[] {
  return demoNodes.flatMap((node) => {
    const habit = HABITS[node.hostname];
    return habit && demoOnline(node, time, present) ? [{ node, weight: habit.weight }] : [];
  });
}

function access(node: DemoNode, time: number, random: () => number): string | null {
  const page = pick(PAGES.get(node.hostname) ?? [], random());
  if (!page) return null;
  const chance = random();
  const status =
    page.path === '/old-dashboard' ? 404 : chance < 0.004 ? 502 : chance < 0.05 ? 304 : 200;
  const far = node.route === 'direct' ? 1 : 2.5;
  const ms = page.ms * far * (0.5 + random() - Math.log(1 - random()) / 3);
  const line = {
    time: new Date(time).toISOString(),
    remote_addr: node.addresses[random() < 0.08 ? 1 : 0],
    host: page.host,
    method: page.method,
    uri: page.path,
    status,
    bytes: status === 304 ? 0 : Math.floor(400 + random() ** 3 * 60_000),
    request_time: Number((ms / 1000).toFixed(3)),
    user_agent: AGENTS[node.os] ?? AGENTS.linux,
  };
  return `${JSON.stringify(line)}\n`;
}

/** Returns the share of usual traffic: nights and weekends are quiet. */
function busyness(time: number): number {
  const hour = (time % DAY) / HOUR;
  const share = Math.max(0.15, Math.sin(((hour - 5) / 18) * Math.PI) * 1.6);
  return new Date(time).getUTCDay() % 6 === 0 ? share * 0.5 : share;
}
