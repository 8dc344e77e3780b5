// `npm run test:live`: against the lab's real tailscaled nodes. Ends with `N passed, N failed`.
import './require-node.mjs';
import { findChromium } from './chromium.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command } from './refusal.mjs';
import { close, runPlaywright } from './runners.mjs';

const NEEDED = ['LAB_TAILSCALE_SOCKET', 'LAB_TAILSCALE_CLI'];

command(async () => {
  const missing = NEEDED.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    console.log(`The live tests need the lab, and ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set.
Start it and run them (the first start builds it: Go and about 4 minutes):

  eval "$(../shared/lab/lab up tailnet)"
  npm run test:live

Stop it with ../shared/lab/lab down. Nothing was tested.`);
    return;
  }
  await ensureInstalled();
  await ensureBuilt();
  close(await runPlaywright('live', await findChromium()));
});
