// `npm test`: everything that needs no service outside this checkout. Ends with `N passed, N failed`.
import './require-node.mjs';
import { passes, staticChecks } from './checks.mjs';
import { findChromium } from './chromium.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command, Refusal } from './refusal.mjs';
import { close, runPlaywright, runVitest, sum } from './runners.mjs';

/** @param {string} what @returns {import('./runners.mjs').Counts} */
const oneFailed = (what) => ({ passed: 0, failed: 1, skipped: 0, failures: [what] });

command(async () => {
  await ensureInstalled();
  const chromium = await findChromium();

  const parts = [];
  for (const check of staticChecks) if (!(await passes(check))) parts.push(oneFailed(check.name));
  parts.push(await runVitest());
  parts.push(await browserTests(chromium));
  close(parts.reduce(sum));
});

/** @param {string | undefined} chromium */
async function browserTests(chromium) {
  try {
    await ensureBuilt();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.log(error.message);
    return oneFailed('the build');
  }
  return runPlaywright('browser', chromium);
}
