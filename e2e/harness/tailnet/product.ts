import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Answering } from '../../../lib/api/handle';
import { metrics } from '../../../lib/api/metrics';
import { type CallName, type ResponseOf, routes } from '../../../lib/api/routes';
import { readConfig } from '../../../lib/config/config';
import { type Running, start } from '../../../lib/runtime/start';
import { bundle } from '../../fakes/bundle';
import { fakeTailscaled } from '../../fakes/tailscaled';
import { fakeTelegram } from '../../fakes/telegram';
import { readScenario, type Scenario, ScenarioTailnet, type Step, seconds } from './scenario';
import { type SimulatedTime, simulateTime } from './simulated-time';

/** When scenarios begin, unless they say otherwise; not at a full minute. */
const START = Date.UTC(2026, 10, 24, 10, 0, 7);
const answering: { [C in CallName]: Answering<ResponseOf<C>> } = routes;

type Sent = { at: number; text: string };
export type Played = Awaited<ReturnType<typeof play>>;

/** Bundles the ingest thread once for a test file; returns its file and a function that removes it. */
export const bundleWorker = () =>
  bundle('tailnet-cases', { entryPoints: ['lib/runtime/ingest-worker.ts'] });

/**
 * Plays a scenario to the whole product except its pages, surrounded by a tailscaled on a unix socket, a log file and
 * Telegram on a socket, in simulated time. `settings` override those of the scenario.
 */
export async function play(
  workerFile: string,
  given: string | Scenario,
  settings: Record<string, string> = {},
) {
  const scenario = typeof given === 'string' ? readScenario(given) : given;
  const folder = await mkdtemp(path.join(tmpdir(), 'tailnet-case-'));
  const accessLog = path.join(folder, 'access.log');
  await writeFile(accessLog, '');
  const telegram = await fakeTelegram();
  const time = simulateTime(START);
  let started = 0;
  const secondsNow = () => (time.elapsed() - started) / 1_000;
  const tailnet = new ScenarioTailnet(Date.now, time.elapsed);
  const tailscaled = await fakeTailscaled({
    socketPath: path.join(folder, 'tailscaled.sock'),
    script: {
      status: () => tailnet.statusBody(),
      whois: (address) => tailnet.whoisBody(address),
      ping: (ip) => tailnet.pingBody(ip),
      derpMap: () => tailnet.derpMap && JSON.stringify(tailnet.derpMap),
      held: (held) => time.hold(held),
    },
  });
  let environment: Record<string, string> = {
    PATH: '',
    DATA_DIR: path.join(folder, 'data'),
    OBSERVATORY_WORKER: workerFile,
    LOG_LEVEL: 'error',
    TAILSCALE_SOCKET: tailscaled.socketPath,
    ACCESS_LOG: accessLog,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_CHAT_ID: '1',
    TELEGRAM_API_URL: telegram.url,
    ...scenario.settings,
    ...settings,
  };
  const steps = [...scenario.steps];
  let product: Running;
  let visits = 0;
  /** Whether the log is being read. */
  let isReading = () => false;

  const carryOut = async (step: Step) => {
    if (step.clock) time.setClockOff(seconds(step.clock) * 1_000);
    tailnet.apply(step);
    if (step.socket === 'gone') await tailscaled.stop();
    if (step.socket === 'back') await tailscaled.start();
    // What is reading now may have passed the end of the log, and on a busy machine no other run begins meanwhile.
    if (step.visits) await time.waitFor(() => !isReading());
    for (const { from, hits, status } of step.visits ?? []) {
      const when = logTime(Date.now());
      const line = `${from} - - [${when}] "GET /page HTTP/1.1" ${status} 10 "-" "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"\n`;
      await appendFile(accessLog, line.repeat(hits));
      visits += hits;
    }
    if (step.restart) {
      environment = { ...environment, ...step.restart };
      await stopProduct();
      product = await start(readConfig(environment));
    }
  };
  const stopProduct = async () => {
    const stopped = product.stop();
    // A stop waits for running work, in its own time.
    let done = false;
    void stopped.finally(() => {
      done = true;
    });
    while (!done) await time.until(time.elapsed() + 10);
    await stopped;
  };

  while (steps[0] && steps[0].at <= 0) await carryOut(steps.shift() as Step);
  product = await start(readConfig(environment));
  started = time.elapsed();
  isReading = () =>
    product.services.jobs().some(({ name, running }) => name === 'collect_analytics' && running);
  const sent: Sent[] = [];
  const takeSent = () => {
    for (const { text } of telegram.delivered.slice(sent.length)) {
      sent.push({ at: secondsNow(), text });
    }
  };

  return {
    /** Plays until that number of seconds after the start. */
    async until(at: number) {
      while (steps[0] && steps[0].at <= at) {
        const step = steps.shift() as Step;
        await goTo(time, started + step.at * 1_000, takeSent);
        await carryOut(step);
      }
      await goTo(time, started + at * 1_000, takeSent);
      if (visits > 0) await time.waitFor(() => product.services.accessLog.state.hits >= visits);
    },
    /** Returns the messages that Telegram delivered, and after how many seconds. */
    messages: () => sent,
    /** Returns the current answer of an API call. */
    async api<C extends CallName>(
      name: C,
      query: Record<string, string> = {},
      parts: Record<string, string> = {},
    ): Promise<ResponseOf<C>> {
      const url = new URL(`http://localhost/?${new URLSearchParams(query)}`);
      return whileTimeGoesOn(time, answering[name].answer(product.services, url, parts));
    },
    /** Returns one number of `/metrics`. */
    async metric(name: string): Promise<number | undefined> {
      const { body } = await whileTimeGoesOn(time, metrics(product.services));
      const line = body.split('\n').find((text) => text.startsWith(`observatory_${name} `));
      return line === undefined ? undefined : Number(line.split(' ')[1]);
    },
    /** Returns firing and resolved alerts. */
    async alerts() {
      const { open, history } = await this.api('/health-monitoring/alerts');
      return { firing: open.filter(({ state }) => state === 'firing'), open, history };
    },
    /** Returns all events of the scenario, oldest first, with seconds after the start. */
    async events() {
      const { events } = await this.api('/health-monitoring/events', { limit: '500' });
      return events.reverse().map((event) => ({
        ...event,
        at: (Date.parse(event.time) - START) / 1_000,
      }));
    },
    /** Returns how often each address has been pinged. */
    pinged(): Record<string, number> {
      const counts: Record<string, number> = {};
      for (const { url } of tailscaled.requests) {
        const ip = url.startsWith('/localapi/v0/ping?')
          ? new URL(url, 'http://x').searchParams.get('ip')
          : null;
        if (ip !== null) counts[ip] = (counts[ip] ?? 0) + 1;
      }
      return counts;
    },
    /** Returns what the product has written into its log. */
    async logLines(): Promise<{ logger: string; level: string; message: string }[]> {
      const logs = path.join(folder, 'data', 'logs');
      const files = await readdir(logs);
      const texts = await Promise.all(files.map((name) => readFile(path.join(logs, name), 'utf8')));
      return texts
        .join('')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    },
    /** Every request that tailscaled received. */
    requests: tailscaled.requests,
    /** Stops and starts the product. */
    restart: (changed: Record<string, string> = {}) => carryOut({ at: 0, restart: changed }),
    /** Breaks a call of tailscaled's (`status`, `ping`, …, or `*` for all); `null` repairs it. */
    break: tailscaled.setFault,
    /** Changes tailscaled's answers immediately. */
    change: (step: Omit<Step, 'at'>) => carryOut({ at: 0, ...step }),
    now: secondsNow,
    async close() {
      await stopProduct();
      time.stop();
      await tailscaled.close();
      await telegram.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function goTo(time: SimulatedTime, to: number, each: () => void): Promise<void> {
  for (let next = time.elapsed() + 1_000; next < to; next += 1_000) {
    await time.until(next);
    each();
  }
  await time.until(to);
  each();
}

/** Lets time pass during a call, which may wait for pings. */
async function whileTimeGoesOn<T>(time: SimulatedTime, call: Promise<T>): Promise<T> {
  let done = false;
  const finished = () => {
    done = true;
  };
  call.then(finished, finished);
  await time.until(time.elapsed());
  while (!done) await time.until(time.elapsed() + 50);
  return call;
}

/** `24/Nov/2026:10:00:07 +0000` */
function logTime(now: number): string {
  const [, day, month, year, clock] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
