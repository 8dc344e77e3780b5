// `npm run verify`: the quick half of `npm test`, for the minute before a commit. Stops at the first failure.
import './require-node.mjs';
import { passes, staticChecks, unitTests } from './checks.mjs';
import { ensureInstalled } from './prepare.mjs';
import { command } from './refusal.mjs';

command(async () => {
  await ensureInstalled();
  for (const check of [...staticChecks, unitTests]) {
    if (!(await passes(check))) process.exit(1);
  }
});
