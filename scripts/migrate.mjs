// `npm run migrate -- --to influx|sqlite`: copies the history from one store to the other. Stop the service first.
import './require-node.mjs';
import path from 'node:path';
import { inRoot, programs } from './paths.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command, Refusal } from './refusal.mjs';
import { run } from './run.mjs';
import { asTyped } from './serve.mjs';

command(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { DATA_DIR } = process.env;
  const { code } = await run(
    process.execPath,
    [path.join(programs, 'migrate.mjs'), ...process.argv.slice(2)],
    { env: { DATA_DIR: DATA_DIR ? asTyped(DATA_DIR) : inRoot('data') } },
  );
  if (code !== 0)
    throw new Refusal(
      'Not migrated: the reason is above. Run it again to continue where it stopped.',
    );
});
