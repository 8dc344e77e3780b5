// `npm run test:live`: against the lab's real tailscaled nodes and InfluxDB. Ends with `N passed, N failed`.
import './require-node.mjs';
import { findChromium } from './chromium.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command } from './refusal.mjs';
import { close, runPlaywright, runVitest, sum } from './runners.mjs';

const NEEDED = ['LAB_TAILSCALE_SOCKET', 'LAB_TAILSCALE_CLI'];

command(async () => {
  const missing = NEEDED.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    console.log(`The live tests need the lab, and ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set.
Start it and run them (the first start builds it: Go and about 4 minutes; with InfluxDB, Rust, a C compiler and 7 more):

  eval "$(../shared/lab/lab up tailnet influxdb)"
  npm run test:live

Stop it with ../shared/lab/lab down. Nothing was tested.`);
    return;
  }
  await ensureInstalled();
  await ensureBuilt();
  const parts = [await runPlaywright('live', await findChromium())];
  if (process.env.LAB_INFLUX_URL) parts.push(await runVitest('vitest.live.config.ts'));
  else console.log('LAB_INFLUX_URL is not set: the tests against InfluxDB are left out.');
  close(parts.reduce(sum));
});
