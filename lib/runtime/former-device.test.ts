import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviceCalled, knownDevice, similarDevices } from '../api/devices';
import { summarisePongs } from '../domain/connection-round';
import { NotFound } from '../domain/errors';
import { testDevice } from '../domain/test-device';
import { openSqliteStores } from '../store/sqlite/stores';
import { DAY } from '../util/time';
import { collectorOver } from './test-cluster';

const NOW = Date.now();

describe('a device that is not in the tailnet', () => {
  let folder: string;
  let store: Awaited<ReturnType<typeof openSqliteStores>>;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'former-device-'));
    store = await openSqliteStores(path.join(folder, 'observatory.sqlite'));
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  /** The tailnet has `nas`; `former` is remembered. */
  function services(former: Record<string, { name: string; leftAt: number }> = {}) {
    const { services: all } = collectorOver({ name: 'main', store });
    const status = {
      ...{ tailnet: { name: 'home', magicDnsSuffix: 'tail1234.ts.net' }, exitNode: null },
      ...{ devices: [testDevice('n1', { name: 'nas' })], health: [], version: '1.102.0' },
      ...{ backendState: 'Running', tun: true },
    };
    const view = { ...all.tailnet.view(), status, answeredAt: NOW };
    return { ...all, tailnet: { ...all.tailnet, view: () => view, former: () => former } };
  }
  const event = (kind: 'node_removed' | 'node_online', time: number) => ({
    ...{ time, kind, nodeId: 'n2', hostname: 'git', before: 'git', after: null },
  });

  it('is known by its id and its last name, and when it left', async () => {
    const git = { name: 'git', leftAt: NOW - DAY };
    const known = { id: 'n2', name: 'git', leftAt: NOW - DAY, device: null };
    for (const query of ['n2', 'git', 'GIT']) {
      expect(await knownDevice(services({ n2: git }), query)).toEqual(known);
    }
  });

  it('is known by its events, though it is not remembered', async () => {
    await store.events.addEvents([event('node_online', NOW - 3 * DAY)]);
    const known = { id: 'n2', name: 'git', leftAt: null, device: null };
    expect(await knownDevice(services(), 'n2')).toEqual(known);
    await store.events.addEvents([event('node_removed', NOW - 2 * DAY)]);
    expect(await knownDevice(services(), 'n2')).toEqual({ ...known, leftAt: NOW - 2 * DAY });
  });

  it('is known by its rounds and by its paths alone', async () => {
    const round = summarisePongs([]);
    await store.connections.addConnections([
      { ...round, time: NOW - DAY, nodeId: 'n3', hostname: 'old', txBytes: 0, rxBytes: 0 },
    ]);
    await store.paths.observePaths([{ nodeId: 'n4', time: NOW - DAY, path: 'direct' }]);
    const known = { leftAt: null, device: null };
    expect(await knownDevice(services(), 'n3')).toEqual({ id: 'n3', name: 'old', ...known });
    expect(await knownDevice(services(), 'n4')).toEqual({ id: 'n4', name: 'n4', ...known });
  });

  it('is not found when nothing is stored of it, and similar names are those of former devices too', async () => {
    const remembering = services({ n2: { name: 'git', leftAt: NOW - DAY } });
    await expect(knownDevice(remembering, 'n9')).rejects.toThrow(NotFound);
    expect(similarDevices(remembering, 'gti')).toEqual([{ id: 'n2', name: 'git' }]);
    expect(similarDevices(remembering, 'nsa')).toEqual([{ id: 'n1', name: 'nas' }]);
  });

  it('cannot be pinged, and the refusal says when it left', () => {
    const remembering = services({ n2: { name: 'git', leftAt: Date.UTC(2026, 10, 20, 9) } });
    expect(() => deviceCalled(remembering, 'n2')).toThrow('git left the tailnet on 2026-11-20');
  });
});
