import '../i18n/on-server';
import { openSqliteStores } from '../store/sqlite/stores';

/**
 * `npm run backup`: makes a consistent copy of a database that may be in use. Arguments: the database, the new file.
 */

const [database = '', file = ''] = process.argv.slice(2);
try {
  const store = await openSqliteStores(database);
  await store.maintenance.backup(file);
  await store.close();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
