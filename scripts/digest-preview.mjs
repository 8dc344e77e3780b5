// `npm run digest:preview`: prints the digest of the last period; with `-- --send` it goes to its channels now. The app
// may be running.
import './require-node.mjs';
import path from 'node:path';
import { programs } from './paths.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command } from './refusal.mjs';
import { run } from './run.mjs';

command(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { code } = await run(process.execPath, [
    path.join(programs, 'digest-preview.mjs'),
    ...process.argv.slice(2),
  ]);
  process.exitCode = code;
});
