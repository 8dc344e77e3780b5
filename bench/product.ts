import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningApp, startApp } from '../e2e/harness/app';
import { fetchTimed } from './http';
import { VISITORS } from './people';
import { startTailnet } from './tailnet';

export type Product = {
  url: string;
  pid: number;
  /** Pauses the process until `resume`. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
};

/** Starts the product (`node scripts/start.mjs`) beside a fake tailscaled with `peers` peers. */
export async function startProduct(
  peers: number,
  { dataDir, accessLog, env }: { dataDir: string; accessLog: string; env?: Record<string, string> },
): Promise<Product> {
  const tailnet = await startTailnet(peers);
  const app: RunningApp = await startApp({
    dataDir,
    env: { ...env, DEMO: '0', TAILSCALE_SOCKET: tailnet.socketPath, ACCESS_LOG: accessLog },
  });
  return {
    url: app.url,
    pid: app.pid,
    pause: () => void process.kill(app.pid, 'SIGSTOP'),
    resume: () => void process.kill(app.pid, 'SIGCONT'),
    async stop() {
      await app.stop();
      await tailnet.close();
    },
  };
}

/** Waits until every visitor of the history has a name, so that filters by user and device match. */
export async function settled({ url }: Product): Promise<void> {
  const names = new Set(VISITORS.map((visitor) => visitor.login)).size;
  for (let i = 0; i < 120; i++) {
    const { body } = await fetchTimed(`${url}/analytics/dashboard-usage?days=30`);
    const usage: { by_user: { user: string }[] } = JSON.parse(body);
    if (usage.by_user.filter(({ user }) => user.includes('@')).length >= names) return;
    await sleep(500);
  }
  throw new Error('the visitors were not identified within a minute');
}

/** Returns the resident memory of a process in bytes: now, and its maximum (Linux). */
export async function residentMemory(pid: number): Promise<{ now: number; most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1_024;
  return { now: field('VmRSS'), most: field('VmHWM') };
}

const TICKS_PER_SECOND = 100;

/** The processor time a process uses, over so long, as a share of one core (Linux). */
export async function processorShare(pid: number, overMs: number): Promise<number> {
  const ticks = async () => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold spaces: the 12th and 13th are user and system time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  const before = await ticks();
  await sleep(overMs);
  return ((await ticks()) - before) / TICKS_PER_SECOND / (overMs / 1_000);
}
