// `npm run import -- FILE…`: takes old access logs into the store that the settings name. The service may be running.
import './require-node.mjs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot, programs } from './paths.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command, Refusal } from './refusal.mjs';
import { run } from './run.mjs';
import { asTyped } from './serve.mjs';

const USAGE = `Say which files: npm run import -- FILE…
Each is a path or a glob ('/old/*access.log*'). --format FORMAT is for a format that is not recognised.`;

command(async () => {
  const { files, format } = options();
  const { DATA_DIR, ROLE } = process.env;
  if (ROLE === 'web')
    throw new Refusal('A replica (ROLE=web) stores nothing: import on a collector.');
  await ensureInstalled();
  await ensureBuilt();
  const formatArgs = format === undefined ? [] : [`--format=${format}`];
  const { code } = await run(
    process.execPath,
    [path.join(programs, 'import.mjs'), ...formatArgs, '--', ...files],
    { env: { DATA_DIR: DATA_DIR ? asTyped(DATA_DIR) : inRoot('data') } },
  );
  process.exitCode = code;
});

function options() {
  try {
    const { values, positionals } = parseArgs({
      options: { format: { type: 'string' } },
      allowPositionals: true,
    });
    if (positionals.length === 0) throw new Refusal(USAGE);
    return { files: positionals.map(asTyped), format: values.format };
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(USAGE);
  }
}
