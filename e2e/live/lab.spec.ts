import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { DAY } from '../../lib/util/time';
import { type LabNode, lab } from '../harness/lab';

// What other live tests rely on: a real tailscaled finds its tailnet as the lab was asked to make it.
const tailnet = lab();
test.describe.configure({ mode: 'serial' });

const Device = z.object({
  ID: z.string(),
  HostName: z.string(),
  TailscaleIPs: z.array(z.string()).nullable(),
  UserID: z.number(),
  Online: z.boolean(),
  LastSeen: z.string(),
  Expired: z.boolean().default(false),
  KeyExpiry: z.string().optional(),
});
const Status = z.object({
  BackendState: z.string(),
  Self: Device,
  Peer: z.record(z.string(), Device).nullable(),
});

const status = async (node: LabNode) =>
  Status.parse(JSON.parse(await tailnet.ts(node, 'status', '--json')));
const peers = async () => Object.values((await status('factory')).Peer ?? {});
const peer = async (name: string) => (await peers()).find(({ HostName }) => HostName === name);
const state = async (node: LabNode) => (await status(node)).BackendState;
const patiently = { timeout: 30_000, intervals: [250] };

test('a device that is stopped is offline for the others, with the time it was last seen', async () => {
  const asked = Date.now();
  await tailnet.stop('dev');
  const stopped = Date.now();
  try {
    await expect
      .poll(async () => (await peer('chocolate-factory-dev'))?.Online, patiently)
      .toBe(false);
    const { LastSeen = '' } = (await peer('chocolate-factory-dev')) ?? {};
    expect(Date.parse(LastSeen)).toBeGreaterThan(asked - 5_000);
    expect(Date.parse(LastSeen)).toBeLessThan(stopped + 5_000);
  } finally {
    await tailnet.start('dev');
  }
  await expect
    .poll(async () => (await peer('chocolate-factory-dev'))?.Online, patiently)
    .toBe(true);
});

test('a device that is frozen stays online for the others and answers nothing', async () => {
  await tailnet.freeze('dev', true);
  const pinged = () =>
    tailnet.ts('factory', 'ping', '--c', '1', '--timeout', '3s', tailnet.addresses.dev).then(
      (said) => said.includes('pong'),
      () => false,
    );
  try {
    expect(await pinged()).toBe(false);
    expect((await peer('chocolate-factory-dev'))?.Online).toBe(true);
  } finally {
    await tailnet.freeze('dev', false);
  }
  await expect.poll(pinged, patiently).toBe(true);
});

test('a device that is restarted was never away', async () => {
  await tailnet.stop('dev');
  await tailnet.start('dev');
  const seen = async () => (await peer('chocolate-factory-dev'))?.Online;
  const until = Date.now() + 12_000;
  while (Date.now() < until) {
    expect(await seen()).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
});

test('a key that expires asks for a login, and works again when it is renewed', async () => {
  await tailnet.expire('git', '72h');
  const days = async () => (Date.parse((await peer('git'))?.KeyExpiry ?? '') - Date.now()) / DAY;
  await expect.poll(days, patiently).toBeCloseTo(3, 1);
  expect(await state('git')).toBe('Running');
  await tailnet.expire('git');
  try {
    await expect.poll(() => state('git'), patiently).toBe('NeedsLogin');
    await expect.poll(async () => (await peer('git'))?.Expired, patiently).toBe(true);
  } finally {
    await tailnet.renew('git');
  }
  await expect.poll(() => state('git'), patiently).toBe('Running');
  // Others learn of the renewal a moment later.
  const pinged = () => tailnet.ts('factory', 'ping', 'git').catch(String);
  await expect.poll(pinged, patiently).toContain('pong from git');
});

test('a device that logs out and in again is the same device, as is one that was taken down', async () => {
  const before = await peer('git');
  await tailnet.ts('git', 'down');
  await expect.poll(() => state('git'), patiently).toBe('Stopped');
  await tailnet.ts('git', 'up');
  await tailnet.ts('git', 'logout');
  await expect.poll(() => state('git'), patiently).toBe('NeedsLogin');
  await tailnet.stop('git');
  await tailnet.start('git');
  await expect.poll(() => state('git'), patiently).toBe('Running');
  const { ID, TailscaleIPs, UserID } = (await status('git')).Self;
  expect({ ID, TailscaleIPs, UserID }).toEqual({
    ID: before?.ID,
    TailscaleIPs: before?.TailscaleIPs,
    UserID: before?.UserID,
  });
  await expect.poll(async () => (await peers()).length, patiently).toBe(2);
});

test('a device that is added is there, and gone when it is removed', async () => {
  await tailnet.add('guest');
  try {
    await expect.poll(async () => (await peer('guest'))?.Online, patiently).toBe(true);
  } finally {
    await tailnet.remove('guest');
  }
  await expect.poll(() => peer('guest'), patiently).toBeUndefined();
});

test('a device is of the version it is asked to be', async () => {
  const versions = async () => {
    const map = await tailnet.ts('factory', 'debug', 'netmap');
    return [...map.matchAll(/"IPNVersion": "([\d.]+)/g)].map(([, version]) => version);
  };
  const [own] = new Set(await versions());
  await tailnet.version('git', '1.90.1');
  try {
    await expect.poll(versions, patiently).toContain('1.90.1');
  } finally {
    await tailnet.version('git');
  }
  await expect.poll(async () => [...new Set(await versions())], patiently).toEqual([own]);
});
