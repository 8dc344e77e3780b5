import { mkdir, open, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { demoOnline } from '../tailscale/demo';
import { type DemoNode, demoNodes } from '../tailscale/demo-nodes';
import { DAY, MINUTE } from '../util/time';
import type { Collector } from './collector';

const HISTORY_DAYS = 14;
const ROTATE_ABOVE = 8 * 1024 * 1024;
/** Average pause between two hits in the history and live, milliseconds. */
const PAUSE = 45_000;

const PAGES: [path: string, weight: number, ms: number][] = [
  ['/dashboard', 30, 40],
  ['/', 14, 12],
  ['/api/metrics', 18, 25],
  ['/git/factory/pulls', 9, 90],
  ['/git/factory/issues/42', 6, 70],
  ['/wiki/Runbooks', 5, 60],
  ['/photos/album/2031', 4, 240],
  ['/api/sensors/7/history?hours=24', 8, 160],
  ['/assets/app-3f9c1a7be21d.js', 4, 6],
  ['/old-dashboard', 1, 5],
];
const AGENTS: Record<string, string> = {
  iOS: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  macOS:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
  windows:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  linux: 'curl/8.14.1',
};

/** Writes the demo's access log: two weeks of history at first, then an occasional hit, as nginx would. */
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
    if (!written) {
      await mkdir(path.dirname(this.log), { recursive: true });
      await writeFile(this.log, this.visits(now - HISTORY_DAYS * DAY, now));
      return;
    }
    if (written.size > ROTATE_ABOVE) await rename(this.log, `${this.log}.1`);
    // Days without running leave a gap, as with a real server.
    const since = Math.max(written.mtimeMs, now - MINUTE);
    const lines = this.visits(since, now, 4);
    if (lines === '') return;
    const file = await open(this.log, 'a');
    await file.appendFile(lines);
    await file.close();
  }

  /** Returns log lines of hits between two times; `pace` times as many as usual. */
  private visits(from: number, to: number, pace = 1): string {
    const lines: string[] = [];
    let time = from;
    for (;;) {
      time += (-Math.log(1 - this.random()) * PAUSE) / pace / busyness(time);
      if (time >= to) return lines.join('');
      const nodes = demoNodes.filter((node) => !node.self && demoOnline(node, time));
      const node = nodes[Math.floor(this.random() * this.random() * nodes.length)];
      if (node) lines.push(this.visit(node, time));
    }
  }

  private visit(node: DemoNode, time: number): string {
    const [page, , ms] = pick(PAGES, this.random());
    const chance = this.random();
    const status =
      page === '/old-dashboard' ? 404 : chance < 0.01 ? 502 : chance < 0.06 ? 304 : 200;
    const far = node.route === 'direct' ? 1 : 2.5;
    const seconds = (ms * far * (0.5 + this.random() - Math.log(1 - this.random()) / 3)) / 1000;
    const bytes = status === 304 ? 0 : Math.floor(400 + this.random() ** 3 * 60_000);
    const ip = node.addresses[this.random() < 0.08 ? 1 : 0];
    const agent = AGENTS[node.os] ?? 'curl/8.14.1';
    return `${ip} - - [${clfTime(time)}] "GET ${page} HTTP/1.1" ${status} ${bytes} "-" "${agent}" ${seconds.toFixed(3)}\n`;
  }
}

/** Returns the share of usual traffic: nights and weekends are quiet. */
function busyness(time: number): number {
  const date = new Date(time);
  const hour = date.getUTCHours() + date.getUTCMinutes() / 60;
  const day = Math.max(0.15, Math.sin(((hour - 5) / 18) * Math.PI) * 1.6);
  return date.getUTCDay() % 6 === 0 ? day * 0.5 : day;
}

function pick<T extends [unknown, number, ...unknown[]]>(choices: readonly T[], chance: number): T {
  let left = chance * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const choice of choices) {
    left -= choice[1];
    if (left < 0) return choice;
  }
  return choices[0] as T;
}

/** Formats a time as nginx's `$time_local` in UTC: `21/Oct/2025:14:32:15 +0000`. */
function clfTime(time: number): string {
  const [, day, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}
