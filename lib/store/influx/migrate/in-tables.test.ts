import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Connection } from '../../../domain/connection';
import { MINUTE } from '../../../util/time';
import { SqliteFile } from '../../sqlite/file';
import { sqliteStores } from '../../sqlite/stores';
import { Spool } from '../spool';
import type { MigrationIn } from './in';
import { sendTables } from './in-tables';
import { Progress } from './progress';

const ROUNDS = 4_500;
const aRound = (i: number): Connection => ({
  ...{ time: 1_700_000_000_000 + i * MINUTE, nodeId: `n${i % 3}`, hostname: 'git' },
  ...{ connectionType: 'direct', relayNode: 'none', endpoint: null, latencyAvg: 3, latencyMin: 1 },
  ...{ latencyMax: 5, jitter: 1, sent: 5, received: 5, txBytes: 1, rxBytes: 2 },
});

let file: SqliteFile;
beforeEach(async () => {
  file = await SqliteFile.open(':memory:');
});
afterEach(() => file.close());

const migration = (makeRoom: () => Promise<void>): MigrationIn => ({
  ...{ db: file.db, file: file.file, makeRoom },
  progress: new Progress(file.db, 'migrated_'),
});
const linesInSpool = () =>
  new Spool(file.db).oldest(1_000_000).flatMap((row) => (row.kind === 'lines' ? row.lines : []));
const roundsInSpool = () =>
  new Spool(file.db)
    .oldest(1_000_000)
    .flatMap((row) => (row.kind === 'lines' && row.bucket === 'raw' ? row.lines : []));

it('sends every row once, cut off after each page, while retention takes rows that were sent', async () => {
  const { connections } = sqliteStores(file);
  await connections.addConnections(Array.from({ length: ROUNDS }, (_, i) => aRound(i)));
  let attempts = 0;
  for (let isDone = false; !isDone; attempts++) {
    const interrupted = async () => {
      file.db.exec(`DELETE FROM connections WHERE node_id = 'n0' AND time < 1700003000000`);
      throw new Error('cut off');
    };
    isDone = await sendTables(migration(attempts < 5 ? interrupted : async () => {}), 'main').then(
      () => true,
      () => false,
    );
  }
  expect(attempts).toBe(6);
  const lines = roundsInSpool();
  expect(lines).toHaveLength(ROUNDS);
  expect(new Set(lines).size).toBe(ROUNDS);
});

it('sends what has changed of devices', async () => {
  const change = { time: 1_700_000_000_000, nodeId: 'n1', hostname: 'nas' };
  await sqliteStores(file).inventory.noteDevices(
    [],
    [{ ...change, field: 'version', before: '1.100.2', after: '1.102.5' }],
    change.time,
  );
  await sendTables(
    migration(async () => {}),
    'main',
  );
  expect(linesInSpool().map((line) => line.split(' ')[0])).toEqual([
    'tailscale_inventory,collector=main,field=version,hostname=nas,node_id=n1',
  ]);
});

it('sends what travelled, by hours and days, and what tailscaled counted', async () => {
  const to = 1_700_000_000_000;
  const span = { from: to - MINUTE, to, rxBytes: 5, txBytes: 6 };
  const nas = { nodeId: 'n1', hostname: 'nas', user: 'a@b', userName: 'A', region: null };
  await sqliteStores(file).traffic.addTraffic({
    traffic: [{ ...nas, ...span, path: 'direct' }],
    counted: [{ ...span, path: 'relay' }],
    counters: { at: to, counted: null, devices: [] },
  });
  await sendTables(
    migration(async () => {}),
    'main',
  );
  const kinds = linesInSpool().map(
    (line) => `${line.split(',')[0]} ${/step=(\w+)/.exec(line)?.[1]}`,
  );
  expect(kinds.sort()).toEqual([
    'tailscale_traffic day',
    'tailscale_traffic hour',
    'tailscale_traffic_counted day',
    'tailscale_traffic_counted hour',
  ]);
});
