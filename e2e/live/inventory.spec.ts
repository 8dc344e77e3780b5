import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { EventsResponse } from '../../lib/api/health-schemas';
import type { ChangesResponse } from '../../lib/api/inventory-schemas';
import type { DeviceResponse, DevicesResponse } from '../../lib/api/schemas';
import type { MapFacts } from '../../lib/domain/inventory';
import { cli } from '../../lib/tailscale/cli';
import { localApi } from '../../lib/tailscale/local-api';
import { sidecar } from '../../lib/tailscale/sidecar';
import { type RunningApp, startApp } from '../harness/app';
import { lab } from '../harness/lab';
import { startProxy } from '../harness/proxy';

const tailnet = lab();
/** A change is seen at the next look, and a restart of tailscaled within a minute. */
const SOON = { timeout: 30_000 };
const RESTARTED = { timeout: 100_000 };
const ROUTES = '--advertise-routes=10.9.0.0/24';

let app: RunningApp;
let dataDir: string;
const start = () =>
  startApp({ dataDir, env: { TAILSCALE_SOCKET: tailnet.socket, TAILSCALE_CLI: tailnet.cli } });

const offerNothing = () =>
  tailnet.ts('git', 'set', '--advertise-routes=', '--advertise-exit-node=false');

test.setTimeout(240_000);
test.beforeAll(async () => {
  await tailnet.version('git', '1.90.1');
  await offerNothing();
  dataDir = await mkdtemp(path.join(tmpdir(), 'observatory-live-'));
  app = await start();
});
test.afterAll(async () => {
  await tailnet.version('git');
  await offerNothing();
  await app.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const ask = async <T>(call: string): Promise<T> => (await fetch(`${app.url}${call}`)).json();
async function device(name: string): Promise<DeviceResponse | undefined> {
  const { devices } = await ask<DevicesResponse>('/analytics/devices');
  return devices.find(({ hostname }) => hostname === name);
}
const known = async (name: string) => (await device(name))?.inventory ?? null;
const changes = async () => {
  const { changes: found } = await ask<ChangesResponse>('/analytics/inventory-changes');
  return found.map(({ hostname, field, before, after }) => [hostname, field, before, after]);
};
const events = async (kind: string) => {
  const { events: found } = await ask<EventsResponse>(`/health-monitoring/events?kind=${kind}`);
  return found.map(({ hostname, before, after }) => [hostname, before, after]);
};

test('every device of a real tailnet is known, with what it says of itself', async () => {
  await expect.poll(async () => (await known('git'))?.version, SOON).toBe('1.90.1');
  const own = await known('chocolate-factory');
  expect(own?.version).toMatch(/^1\.\d+\.\d+$/);
  for (const name of ['chocolate-factory', 'git', 'chocolate-factory-dev']) {
    expect(await known(name), name).toMatchObject({
      ...{ os_version: expect.stringMatching(/\d/), arch: expect.stringMatching(/\w/) },
      ...{ key: expect.stringMatching(/^[0-9a-f]{12}$/), routes_offered: [], services: [] },
      exit_node_offered: false,
    });
    expect((await device(name))?.created).not.toBeNull();
  }
});

test('another version, routes and an exit node are seen within seconds, once, and over a restart', async () => {
  await expect.poll(async () => (await known('git'))?.version, SOON).toBe('1.90.1');
  await tailnet.version('git', '1.96.4');
  await expect.poll(async () => (await known('git'))?.version, SOON).toBe('1.96.4');
  await tailnet.ts('git', 'set', ROUTES, '--advertise-exit-node');
  await expect.poll(async () => (await known('git'))?.exit_node_offered, SOON).toBe(true);
  const git = await device('git');
  expect(git?.inventory?.routes_offered).toEqual(['10.9.0.0/24']);
  // The lab's coordination server approves none.
  expect(git?.subnet_routes).toEqual([]);
  expect(git?.exit_node).toBe(false);
  const expected = [
    ['git', 'version', '1.90.1', '1.96.4'],
    ['git', 'routes_offered', '', '10.9.0.0/24'],
    ['git', 'exit_node_offered', 'no', 'yes'],
  ];
  expect(await changes()).toEqual(expect.arrayContaining(expected));
  // An event is stored after what it tells of is shown.
  await expect.poll(() => events('version_changed')).toEqual([['git', '1.90.1', '1.96.4']]);
  await expect.poll(() => events('routes_offered')).toEqual([['git', null, '10.9.0.0/24']]);

  const before = await known('git');
  await app.kill9();
  await tailnet.version('git', '1.98.3');
  app = await start();
  await expect.poll(async () => (await known('git'))?.version, SOON).toBe('1.98.3');
  expect((await known('git'))?.first_seen).toBe(before?.first_seen);
  await expect
    .poll(() => events('version_changed'))
    .toEqual([
      ['git', '1.96.4', '1.98.3'],
      ['git', '1.90.1', '1.96.4'],
    ]);
});

test('it follows a tailscaled that was restarted', async () => {
  const before = (await events('version_changed')).length;
  await tailnet.stop('factory');
  await tailnet.start('factory');
  await tailnet.version('git', '1.100.2');
  await expect.poll(async () => (await known('git'))?.version, RESTARTED).toBe('1.100.2');
  await expect.poll(() => events('version_changed')).toHaveLength(before + 1);
});

test('LocalAPI, sidecar and command read the same of the same tailscaled', async () => {
  const proxy = await startProxy({
    ...{ command: { program: tailnet.cli }, socket: tailnet.socket },
    env: { TAILSCALE_PROXY_ALLOW_USERSPACE: '1' },
  });
  try {
    const read = async (one: Pick<ReturnType<typeof localApi>, 'watchMap'>) => {
      const ended = new AbortController();
      let found: MapFacts = new Map();
      const isShown = await one.watchMap((map) => {
        found = map;
        ended.abort();
      }, ended.signal);
      return { isShown, found };
    };
    const socketPath = tailnet.socket;
    const first = await read(localApi({ socketPath }));
    expect(first.isShown).toBe(true);
    expect(first.found.size).toBeGreaterThanOrEqual(3);
    expect(await read(sidecar({ url: proxy.url }))).toEqual(first);
    expect(await read(cli({ command: tailnet.cli, socketPath }))).toEqual(first);
  } finally {
    await proxy.stop();
  }
});
