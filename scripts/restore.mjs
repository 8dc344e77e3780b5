// `npm run restore -- FILE`: puts a backup in the place of the database. The service must be stopped.
import './require-node.mjs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { inRoot, programs } from './paths.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command, Refusal } from './refusal.mjs';
import { run } from './run.mjs';
import { asTyped } from './serve.mjs';

command(async () => {
  const [file, ...rest] = process.argv.slice(2);
  if (!file || rest.length > 0) throw new Refusal('Name the backup: npm run restore -- FILE');
  const { DATA_DIR, INFLUX_URL } = process.env;
  if (INFLUX_URL) {
    throw new Refusal(
      'With INFLUX_URL the history is in InfluxDB, which has backups of its own: influx restore.',
    );
  }
  const database = path.join(DATA_DIR ? asTyped(DATA_DIR) : inRoot('data'), 'observatory.sqlite');
  await ensureInstalled();
  await ensureBuilt();
  const restore = [path.join(programs, 'restore.mjs'), database, asTyped(file)];
  const { code } = await withLock(`${database}.restore.lock`, () => run(process.execPath, restore));
  if (code !== 0) throw new Refusal('Nothing was restored: the reason is above.');
});
