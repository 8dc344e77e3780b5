import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { TrafficResponse } from '../../lib/api/traffic-schemas';
import type { CountedByPath } from '../../lib/domain/traffic';
import { localApi } from '../../lib/tailscale/local-api';
import { type RunningApp, startApp } from '../harness/app';
import { lab } from '../harness/lab';
import { freePort } from '../harness/process';

const tailnet = lab();
/** How long transfers go on; 20 for a run by hand. */
const MINUTES = Number(process.env.TRAFFIC_MINUTES || 4);
/** What restarts cost weighs more in a few minutes: there, two per cent. */
const MOST_OFF = MINUTES < 20 ? 0.02 : 0.01;
const MEGABYTE = 1_000_000;
/** A look at the status every ten seconds has seen all that was before. */
const SEEN_MS = 12_000;

let app: RunningApp;
let dataDir: string;
let files: Server;
let filesUrl: string;
let upload: string;
const start = () =>
  startApp({ dataDir, env: { TAILSCALE_SOCKET: tailnet.socket, TAILSCALE_CLI: tailnet.cli } });

test.setTimeout((MINUTES + 5) * 60_000);
test.beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'observatory-live-'));
  upload = path.join(dataDir, 'upload');
  await writeFile(upload, Buffer.alloc(8 * MEGABYTE, 7));
  // A device without a TUN passes connections on to the same port of loopback.
  const port = await freePort();
  files = createServer((request, response) => {
    request.resume();
    if (request.method === 'GET') return response.end(Buffer.alloc(8 * MEGABYTE, 7));
    request.on('end', () => response.end());
  });
  await new Promise<void>((listening) => files.listen(port, '127.0.0.1', listening));
  filesUrl = `http://100.64.0.1:${port}`;
  app = await start();
});
test.afterAll(async () => {
  await tailnet.relay('git', false);
  await app.stop();
  files.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** Adds up what factory's tailscaled counts, over its restarts: what the ledger is compared with. */
function reference() {
  const api = localApi({ socketPath: tailnet.socket, timeoutMs: 1_000 });
  let last: number | null = null;
  let sum = 0;
  let isOver = false;
  const work = (async () => {
    while (!isOver) {
      const counted = await api.countedByPath().catch(() => null);
      if (counted) {
        const now = allOf(counted);
        if (last !== null) sum += now < last ? now : now - last;
        last = now;
      }
      await sleep(250);
    }
  })();
  return {
    async end() {
      isOver = true;
      await work;
      return sum;
    },
  };
}

const allOf = (counted: CountedByPath) =>
  Object.values(counted).reduce((sum, { rxBytes, txBytes }) => sum + rxBytes + txBytes, 0);

/** Transfers both ways, one after another, until it is over. */
function transfers() {
  let isOver = false;
  let isPaused = false;
  let current: Promise<unknown> = Promise.resolve();
  const slow = ['--max-time', '12', '--limit-rate', '1M'];
  const one = (i: number) =>
    i % 2 === 0
      ? tailnet.get('git', filesUrl, ...slow, '-o', '/dev/null')
      : tailnet.get('git', filesUrl, ...slow, '-T', upload);
  const work = (async () => {
    for (let i = 0; !isOver; i++) {
      if (isPaused) await sleep(200);
      else {
        // One that a restart interrupts fails.
        current = one(i).catch(() => {});
        await current;
      }
    }
  })();
  return {
    /** Does something while nothing travels, and all that has is counted. */
    async inPause(act: () => Promise<void>) {
      isPaused = true;
      await current;
      await sleep(SEEN_MS);
      await act();
      isPaused = false;
    },
    async end() {
      isOver = true;
      await work;
    },
  };
}

const restartTailscaled = async () => {
  await tailnet.stop('factory');
  // On a busy machine the socket is there before tailscaled accepts connections.
  await tailnet.start('factory').catch(async () => {
    await sleep(2_000);
    await tailnet.start('factory');
  });
};
const killOurs = async () => {
  await app.kill9();
  app = await start();
};
const answer = async (query: string): Promise<TrafficResponse> =>
  (await fetch(`${app.url}/analytics/traffic?${query}`)).json();

test(`is within ${MOST_OFF * 100} % of what tailscaled counts, over ${MINUTES} minutes with restarts, kills and another path`, async () => {
  await sleep(SEEN_MS);
  const began = Date.now();
  const expected = reference();
  const bulk = transfers();
  const until = (share: number) =>
    sleep(Math.max(0, began + share * MINUTES * 60_000 - Date.now()));
  await until(0.1);
  await bulk.inPause(restartTailscaled);
  await until(0.3);
  await killOurs();
  // What travels between the last look and a restart, of ours or the other device's tailscaled, is lost; so is what had
  // travelled before, where a counter that began anew outgrows it by the next look. Seconds, which count in four minutes
  // and not in twenty.
  const disturb = (act: () => Promise<void>) => (MINUTES < 10 ? bulk.inPause(act) : act());
  const relay = (on: boolean) =>
    disturb(async () => {
      await tailnet.relay('git', on);
      if (MINUTES < 10) await sleep(SEEN_MS);
    });
  await until(0.4);
  await relay(true);
  await until(0.62);
  await disturb(restartTailscaled);
  await until(0.75);
  await relay(false);
  await until(0.8);
  await killOurs();
  await until(0.92);
  await bulk.inPause(restartTailscaled);
  await until(1);
  await bulk.end();
  await sleep(SEEN_MS);
  const counted = await expected.end();

  const { total, by, checked_against } = await answer('hours=3&by=path');
  const ledger = total.rx_bytes + total.tx_bytes;
  const check = (checked_against?.rx_bytes ?? 0) + (checked_against?.tx_bytes ?? 0);
  const percent = (bytes: number) => `${((bytes / counted - 1) * 100).toFixed(3)} %`;
  console.log(
    `${MINUTES} min, ${(counted / MEGABYTE).toFixed(1)} MB: ledger ${percent(ledger)}, its check ${percent(check)};`,
    by.map(
      ({ key, rx_bytes, tx_bytes }) => `${key} ${((rx_bytes + tx_bytes) / MEGABYTE).toFixed(1)}`,
    ),
  );
  expect(counted).toBeGreaterThan(MINUTES * 5 * MEGABYTE);
  expect(Math.abs(ledger / counted - 1)).toBeLessThan(MOST_OFF);
  expect(Math.abs(check / counted - 1)).toBeLessThan(MOST_OFF);
  const bytesBy = new Map(by.map((part) => [part.key, part.rx_bytes + part.tx_bytes]));
  expect(bytesBy.get('direct')).toBeGreaterThan(MEGABYTE);
  expect(bytesBy.get('relay:fra')).toBeGreaterThan(MEGABYTE);
  const byDevice = (await answer('hours=3')).by;
  expect(byDevice[0]?.name).toBe('git');
});
