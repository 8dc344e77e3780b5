// node scripts/release-notes.mjs v0.2.0   prints the changelog's section on a version; refuses a version other than
// package.json's
import fs from 'node:fs';
import { inRoot } from './paths.mjs';
import { command, Refusal } from './refusal.mjs';

command(async () => {
  const tag = process.argv[2] ?? '';
  const { version } = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
  if (tag !== `v${version}`)
    throw new Refusal(`The tag is ${tag}, and package.json says ${version}.`);
  const sections = fs.readFileSync(inRoot('CHANGELOG.md'), 'utf8').split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (!section) throw new Refusal(`CHANGELOG.md has no section [${version}].`);
  const [heading, ...lines] = section.split('\n');
  if (!/^\[.+\] - \d{4}-\d\d-\d\d$/.test(heading)) {
    throw new Refusal(`CHANGELOG.md does not say when ${version} is released: "${heading}".`);
  }
  console.log(lines.join('\n').trim());
});
