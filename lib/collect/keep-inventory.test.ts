import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from '../domain/device';
import type { Facts } from '../domain/inventory';
import type { LiveEvent } from '../domain/live-event';
import type { OwnDevice } from '../domain/own-device';
import type { TailnetView } from '../domain/tailnet-view';
import { testDevice } from '../domain/test-device';
import { SqliteFile } from '../store/sqlite/file';
import { sqliteStores } from '../store/sqlite/stores';
import { DAY, HOUR } from '../util/time';
import { Feed } from './feed';
import { KeepInventory } from './keep-inventory';

const T0 = Date.UTC(2026, 10, 20, 10);
const ALL = { from: T0 - DAY, to: T0 + 40 * DAY };
const OWN: OwnDevice = { state: 'ok', reason: '', remedy: '', since: T0, settled: true };

let file: SqliteFile;
let now: number;
let map: Map<string, Facts>;
let view: TailnetView;
let published: LiveEvent[];
beforeEach(async () => {
  file = await SqliteFile.open(':memory:');
  now = T0;
  map = new Map();
  published = [];
  see(testDevice('n1', { name: 'nas' }));
  return () => file.close();
});

function see(...devices: Device[]): void {
  view = {
    ...{ source: 'localapi', location: '', answeredAt: now, stale: false, error: null, own: OWN },
    status: {
      ...{ tailnet: { name: 'test', magicDnsSuffix: 'tail1234.ts.net' }, devices, tun: true },
      ...{ exitNode: null, health: [], version: '1.102', backendState: 'Running' },
    },
  };
}

/** A process that keeps the inventory, with what those before it stored. */
async function aProcess() {
  const feed = new Feed();
  feed.subscribe((event) => published.push(event));
  const keeper = new KeepInventory(
    { view: () => view },
    { facts: () => map },
    sqliteStores(file),
    feed,
    ...[() => now, () => now],
  );
  await keeper.restore();
  return keeper;
}
const changes = async () => {
  const found = await sqliteStores(file).inventory.inventoryChanges(ALL, null, 99);
  return found.map(({ time, field, before, after }) => [time - T0, field, before, after]);
};
const events = async () => {
  const { events } = await sqliteStores(file).events.events(ALL, {}, 99, null);
  return events.map(({ kind, nodeId, before, after }) => [kind, nodeId, before, after]);
};

describe('keeping the inventory', () => {
  it('knows a device from its first look on, and what has become known is no change', async () => {
    const keeper = await aProcess();
    await keeper.run();
    now += HOUR;
    map.set('n1', { version: '1.100.2', key: 'aaa' });
    await keeper.run();
    const [nas] = keeper.described(view).status?.devices ?? [];
    expect(nas?.inventory).toMatchObject({
      firstSeen: T0,
      facts: { name: 'nas', os: 'linux', version: '1.100.2', key: 'aaa' },
    });
    expect(await changes()).toEqual([]);
    expect(published).toEqual([]);
  });

  it('keeps each change once, and tells those that are events', async () => {
    const keeper = await aProcess();
    map.set('n1', { version: '1.100.2', nat: 'easy' });
    await keeper.run();
    now += HOUR;
    map.set('n1', { version: '1.102.5', nat: 'hard' });
    await keeper.run();
    await keeper.run();
    expect(await changes()).toEqual([
      [HOUR, 'nat', 'easy', 'hard'],
      [HOUR, 'version', '1.100.2', '1.102.5'],
    ]);
    expect(await events()).toEqual([['version_changed', 'n1', '1.100.2', '1.102.5']]);
    expect(published).toHaveLength(1);
  });

  it('finds what changed while the service was not running, and nothing else', async () => {
    map.set('n1', { version: '1.100.2' });
    await (await aProcess()).run();
    now += DAY;
    map = new Map();
    const next = await aProcess();
    await next.run();
    expect(await changes()).toEqual([]);
    map.set('n1', { version: '1.102.5' });
    await next.run();
    expect(await changes()).toEqual([[DAY, 'version', '1.100.2', '1.102.5']]);
  });

  it('concludes nothing while our own device cannot see the others, or says nothing', async () => {
    const keeper = await aProcess();
    await keeper.run();
    see(testDevice('n1', { name: 'nas', tags: ['tag:x'] }));
    const seen = view;
    view = { ...seen, stale: true };
    await keeper.run();
    view = { ...seen, own: { ...OWN, state: 'logged_out' } };
    await keeper.run();
    view = { ...seen, status: null };
    await keeper.run();
    expect(await changes()).toEqual([]);
    view = seen;
    await keeper.run();
    expect(await events()).toEqual([['tags_changed', 'n1', null, 'tag:x']]);
  });

  it('says nothing about a name, which is an event of its own', async () => {
    const keeper = await aProcess();
    await keeper.run();
    see(testDevice('n1', { name: 'nas-1' }));
    await keeper.run();
    expect(await changes()).toEqual([[0, 'name', 'nas', 'nas-1']]);
    expect(await events()).toEqual([]);
  });

  it('stores what has not changed once a day, so that only devices not seen are forgotten', async () => {
    const keeper = await aProcess();
    await keeper.run();
    const notedAt = () => file.db.prepare('SELECT noted_at FROM inventory_devices').get()?.noted_at;
    now += HOUR;
    await keeper.run();
    expect(Number(notedAt())).toBe(T0);
    now += DAY;
    await keeper.run();
    expect(Number(notedAt())).toBe(T0 + HOUR + DAY);
  });

  it('shows the very same status as long as nothing has changed', async () => {
    const keeper = await aProcess();
    await keeper.run();
    const before = keeper.described(view).status;
    await keeper.run();
    expect(keeper.described(view).status).toBe(before);
    map.set('n1', { version: '1.102.5' });
    await keeper.run();
    expect(keeper.described(view).status).not.toBe(before);
  });

  it('shows a device that has not changed as the same object, in the next status too', async () => {
    const [nas, web] = [testDevice('n1', { name: 'nas' }), testDevice('n2', { name: 'web' })];
    see(nas, web);
    const keeper = await aProcess();
    await keeper.run();
    const shown = () => keeper.described(view).status?.devices ?? [];
    const before = shown();
    see(nas, web);
    expect(shown()).toEqual(before);
    expect(shown()[0]).toBe(before[0]);
    see(nas, { ...web, path: 'relay' });
    expect(shown()[0]).toBe(before[0]);
    expect(shown()[1]).toMatchObject({ path: 'relay', inventory: before[1]?.inventory });
  });
});
