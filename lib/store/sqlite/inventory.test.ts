import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DAY } from '../../util/time';
import { openDatabase } from './driver';
import { SqliteFile } from './file';
import { MIGRATIONS } from './schema';
import { sqliteStores } from './stores';

const T0 = Date.UTC(2026, 10, 20);
const ALL = { from: 0, to: T0 + DAY };
const CHANGE = {
  nodeId: 'n1',
  hostname: 'nas',
  field: 'version',
  before: '1',
  after: '2',
} as const;

it('changes are forgotten when they are past the retention of roll-ups', async () => {
  const file = await SqliteFile.open(':memory:');
  onTestFinished(() => file.close());
  const { inventory, maintenance } = sqliteStores(file);
  const [old, recent] = [
    { ...CHANGE, time: T0 - 3 * DAY },
    { ...CHANGE, time: T0 },
  ];
  await inventory.noteDevices([], [old, recent], T0);
  await maintenance.prune(T0, { rawDays: 1, rollupDays: 2 });
  expect(await inventory.inventoryChanges(ALL, null, 9)).toEqual([recent]);
});

it('a database of the version before has an empty inventory, and facts of a newer one are left out', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'inventory-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const name = path.join(folder, 'observatory.sqlite');
  const before = MIGRATIONS.findIndex((step) => step.includes('inventory_devices'));
  const db = await openDatabase(name);
  for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
  db.exec(`PRAGMA user_version=${before}; INSERT INTO state VALUES ('kept', 'yes')`);
  db.close();
  const file = await SqliteFile.open(name);
  onTestFinished(() => file.close());
  const { inventory, state } = sqliteStores(file);
  expect(await inventory.knownDevices()).toEqual([]);
  expect(await state.loadState('kept')).toBe('yes');
  const facts = '{"name":"nas","shoe_size":"43"}';
  file.db.prepare('INSERT INTO inventory_devices VALUES (?, 1, 2, ?)').run('n1', facts);
  expect(await inventory.knownDevices()).toEqual([
    { nodeId: 'n1', firstSeen: 1, facts: { name: 'nas' } },
  ]);
});
