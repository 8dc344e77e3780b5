import { readFile } from 'node:fs/promises';
import { lab } from '../e2e/harness/lab';
import { startProxy } from '../e2e/harness/proxy';
import { localApi } from '../lib/tailscale/local-api';
import { sidecar } from '../lib/tailscale/sidecar';
import type { Tailscale } from '../lib/tailscale/tailscale';
import { median, megabytes, ms, p95 } from './numbers';
import { residentMemory } from './product';
import { printTable, verdict } from './table';

const ASKED = 200;
const REACH_MS = 100;
const REACH_BYTES = 5_000_000;

const tailnet = lab();
const proxy = await startProxy({
  command: { program: tailnet.cli },
  socket: tailnet.socket,
  env: { TAILSCALE_PROXY_ALLOW_USERSPACE: '1' },
});
const transports = [sidecar({ url: proxy.url }), localApi({ socketPath: tailnet.socket })] as const;
const calls: [string, (tailscale: Tailscale) => Promise<unknown>][] = [
  ['status', (tailscale) => tailscale.status()],
  ['whois', (tailscale) => tailscale.whois(tailnet.addresses.git)],
];

/** Returns the process's proportional memory, which counts its share of pages in shared libraries. */
async function proportionalMemory(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) * 1_024;
}

try {
  const rows: string[][] = [];
  for (const [name, call] of calls) {
    const took: number[][] = transports.map(() => []);
    for (let i = 0; i < ASKED; i++) {
      // In turns, so that other load on the machine affects both.
      for (const [which, tailscale] of transports.entries()) {
        const began = performance.now();
        await call(tailscale);
        took[which]?.push(performance.now() - began);
      }
    }
    const [proxied = [], direct = []] = took;
    rows.push([
      `${name}, p95 (median)`,
      `${ms(p95(proxied))} (${ms(median(proxied))})`,
      `${ms(p95(direct))} (${ms(median(direct))})`,
      `≤ ${REACH_MS} ms: ${verdict(p95(proxied) <= REACH_MS)}`,
    ]);
  }
  const { now, most } = await residentMemory(proxy.pid);
  rows.push([
    'resident memory of the proxy, now / most',
    `${megabytes(now)} / ${megabytes(most)}`,
    '',
    `≤ 5 MB: ${verdict(most <= REACH_BYTES)}`,
  ]);
  rows.push([
    'its share without the libraries of others',
    megabytes(await proportionalMemory(proxy.pid)),
    '',
    '',
  ]);
  printTable(
    'sidecar: the proxy beside the LocalAPI socket, one real tailscaled, three nodes',
    ['what', 'by the proxy', 'by the LocalAPI', 'reach'],
    rows,
  );
} finally {
  await proxy.stop();
}
