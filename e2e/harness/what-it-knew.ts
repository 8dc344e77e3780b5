import type { RunningApp } from './app';
import type { Lab } from './lab';

const CALLS = [
  'alerts',
  'critical',
  'events',
  'latency-history/git',
  'latency-history/chocolate-factory-dev',
];
const LOG_LINES = 60;

/** Returns what the product and its tailscaled know at the end of a test that failed, for its report. */
export async function whatItKnew(app: RunningApp, tailnet: Lab): Promise<string> {
  const answers = CALLS.map(async (call) => {
    const path = `/health-monitoring/${call}`;
    return `${path}: ${await orFault(fetchText(app.url + path))}`;
  });
  const status = orFault(tailnet.ts('factory', 'status'));
  const ping = orFault(tailnet.ts('factory', 'ping', '--c', '3', tailnet.addresses.git));
  const log = app.stdout().trimEnd().split('\n').slice(-LOG_LINES).join('\n');
  return [
    ...(await Promise.all(answers)),
    `tailscale status:\n${await status}`,
    `tailscale ping git:\n${await ping}`,
    `the last ${LOG_LINES} lines of its log:\n${log}`,
  ].join('\n\n');
}

const fetchText = async (url: string) =>
  (await fetch(url, { signal: AbortSignal.timeout(10_000) })).text();

const orFault = (text: Promise<string>) => text.catch((fault: unknown) => `failed: ${fault}`);
