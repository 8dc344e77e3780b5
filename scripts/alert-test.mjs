// `npm run alert:test`: sends a test message to every channel that the environment sets up. The app need not be
// running.
import './require-node.mjs';
import path from 'node:path';
import { programs } from './paths.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command } from './refusal.mjs';
import { run } from './run.mjs';

command(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { code } = await run(process.execPath, [path.join(programs, 'alert-test.mjs')]);
  process.exitCode = code;
});
