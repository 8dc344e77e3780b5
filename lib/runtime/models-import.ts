import '../i18n/on-server';
import { readFile, stat } from 'node:fs/promises';
import { importReports } from '../models/import';
import { openSqliteStores } from '../store/sqlite/stores';

/**
 * `npm run models:import`: imports a CSV of reports into a database that may be in use. Arguments: the database, the
 * file, a model's name.
 */

const MOST_BYTES = 64 * 1024 * 1024;
const FAULTS_SHOWN = 20;

const [database = '', file = '', model] = process.argv.slice(2);
try {
  const { size } = await stat(file);
  if (size > MOST_BYTES) throw new Error(`${file} has more than 64 MiB: split it`);
  const store = await openSqliteStores(database);
  const text = await readFile(file, 'utf8');
  const { added, known, models, faults } = await importReports(store.models, text, model);
  await store.close();
  for (const { line, message } of faults.slice(0, FAULTS_SHOWN)) {
    process.stderr.write(`${file}:${line}: ${message.text}\n`);
  }
  process.stdout.write(
    `Reports taken in: ${added} (models: ${models}); there already: ${known}; faults: ${faults.length}\n`,
  );
  if (added + known === 0) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
