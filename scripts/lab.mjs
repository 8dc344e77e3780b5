// `npm run lab`: builds the lab and starts it. `npm run lab -- VERB …` runs `lab/lab VERB …`.
import './require-node.mjs';
import { assertLabPossible, ensureLab, labScript } from './lab-setup.mjs';
import { command } from './refusal.mjs';
import { run } from './run.mjs';

command(async () => {
  assertLabPossible();
  const args = process.argv.slice(2);
  if (args.length > 0) process.exit((await run(labScript, args)).code);
  await ensureLab();
  console.log(`The lab is up: npm run test:live and npm run bench use it.
Stop it with npm run lab -- down. What else it can do: lab/README.md.`);
});
