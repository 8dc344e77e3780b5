// `npm run test:live`: tests against the lab's real tailscaled processes and InfluxDB. Ends with `N passed, N failed`.
import './require-node.mjs';
import { findChromium } from './chromium.mjs';
import { ensureLab } from './lab-setup.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command } from './refusal.mjs';
import { close, runPlaywright, runVitest, sum } from './runners.mjs';

command(async () => {
  // Where the tests find the lab.
  Object.assign(process.env, await ensureLab());
  await ensureInstalled();
  await ensureBuilt();
  const parts = [await runPlaywright('live', await findChromium())];
  if (process.env.LAB_INFLUX_URL) parts.push(await runVitest('vitest.live.config.ts'));
  else console.log('The tests against InfluxDB were left out: the lab has none.');
  console.log('The lab keeps running: npm run lab -- down stops it.');
  close(parts.reduce(sum));
});
