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
  const chromium = await findChromium();
  // Beside each other: those of the tailnet mostly wait, those of InfluxDB never.
  const parts = [runPlaywright('live', chromium)];
  if (process.env.LAB_INFLUX_URL) parts.push(runVitest('vitest.live.config.ts'));
  else console.log('The tests against InfluxDB were left out: the lab has none.');
  const counts = await Promise.all(parts);
  counts.push(await runPlaywright('live-alone', chromium));
  console.log('The lab keeps running: npm run lab -- down stops it.');
  close(counts.reduce(sum));
});
