// `npm run backup -- FILE`: copies the database, in use or not, into FILE.
import './require-node.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot, programs } from './paths.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command, Refusal } from './refusal.mjs';
import { run } from './run.mjs';
import { asTyped } from './serve.mjs';

command(async () => {
  const [file, ...rest] = process.argv.slice(2);
  if (!file || rest.length > 0) throw new Refusal('Name the file to write: npm run backup -- FILE');
  const { DATA_DIR } = process.env;
  const database = path.join(DATA_DIR ? asTyped(DATA_DIR) : inRoot('data'), 'observatory.sqlite');
  if (!fs.existsSync(database)) {
    throw new Refusal(`There is no database at ${database}: set DATA_DIR as for npm start.`);
  }
  const copy = asTyped(file);
  if (fs.existsSync(copy)) throw new Refusal(`${copy} exists already; name a new file.`);
  await ensureInstalled();
  await ensureBuilt();
  const { code } = await run(process.execPath, [path.join(programs, 'backup.mjs'), database, copy]);
  if (code !== 0) throw new Refusal('No backup was made: the reason is above.');
  console.log(
    `Backed up ${database} to ${copy} (${fs.statSync(copy).size.toLocaleString('en')} bytes)`,
  );
});
