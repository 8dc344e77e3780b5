// `npm run layers`: fails on every import that scripts/layers/rules.mjs does not allow, and when the table in
// lib/README.md differs from the rules. `npm run layers -- --write` writes that table.
import './require-node.mjs';
import fs from 'node:fs';
import { faultsIn } from './layers/check.mjs';
import { withTable } from './layers/table.mjs';
import { inRoot, root } from './paths.mjs';
import { command } from './refusal.mjs';

command(async () => {
  const readme = inRoot('lib/README.md');
  const page = fs.readFileSync(readme, 'utf8');
  const wanted = withTable(page);
  if (process.argv.includes('--write')) fs.writeFileSync(readme, wanted);

  const faults = await faultsIn(root);
  if (page !== wanted && !process.argv.includes('--write'))
    faults.push({ rule: 'the table in lib/README.md', what: 'npm run layers -- --write' });

  /** @type {string | undefined} */
  let heading;
  for (const { rule, why, what } of faults) {
    if (rule !== heading) console.log(why ? `${rule}: ${why}` : rule);
    heading = rule;
    console.log(`  ${what}`);
  }
  if (faults.length > 0) process.exit(1);
});
