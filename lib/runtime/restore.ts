import '../i18n/on-server';
import { restore } from '../store/sqlite/restore';

/** `npm run restore`: replaces the database with a backup. Arguments: the database, the backup. */

const [database = '', backup = ''] = process.argv.slice(2);
try {
  const aside = await restore(backup, database);
  const kept = aside === null ? '' : `; what was there is kept as ${aside}`;
  process.stdout.write(`Restored ${backup} to ${database}${kept}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
