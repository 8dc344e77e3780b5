import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toyCheckout } from './toy-checkout';

let checkout: ReturnType<typeof toyCheckout>;
beforeEach(() => {
  checkout = toyCheckout();
});
afterEach(() => checkout.remove());

const check = () =>
  checkout.node([path.join(checkout.folder, 'scripts/check-docs.mjs'), checkout.folder]).ended;

it('finds links and paths that lead nowhere, by page and line', async () => {
  checkout.write('README.md', 'See [the map](lib/README.md), and\n[gone](docs/GONE.md#part).\n');
  checkout.write('lib/README.md', '`lib/store/`, `scripts/start.mjs` and `store/gone.ts`\n');
  checkout.write('lab/README.md', 'It is `lab/lab`, made by `lab/tailnet/gone.go`.');
  checkout.write('docs/adr/1.md', '[home](../../README.md) [oops](../README.md)\n');
  expect(await check()).toMatchObject({
    code: 1,
    stdout: [
      'README.md:2: docs/GONE.md#part does not exist',
      'lib/README.md:1: lib/store/ does not exist',
      'lib/README.md:1: store/gone.ts does not exist',
      'lab/README.md:1: lab/lab does not exist',
      'lab/README.md:1: lab/tailnet/gone.go does not exist',
      'docs/adr/1.md:1: ../README.md does not exist',
      '',
    ].join('\n'),
  });
});

it('reads every page of the checkout, and in the README of a folder of lib takes a file’s name for one of its files', async () => {
  checkout.write('lib/store/ports/stores.ts', '');
  checkout.write('lib/store/ports/README.md', '`stores.ts` is the entry; `gone.ts` is not.');
  checkout.write('CONTRIBUTING.md', 'See [the map](lib/MAP.md); `gone.ts`.');
  checkout.write('.github/pull_request_template.md', '[rules](../RULES.md)');
  expect(await check()).toMatchObject({
    code: 1,
    stdout: [
      'CONTRIBUTING.md:1: lib/MAP.md does not exist',
      'lib/store/ports/README.md:1: gone.ts does not exist',
      '.github/pull_request_template.md:1: ../RULES.md does not exist',
      '',
    ].join('\n'),
  });
});

it('finds links to headings that a page does not have', async () => {
  checkout.write('docs/A.md', '# What `npm start` does: a hit’s way\n\n## Adding a …\n');
  const good = '[a](docs/A.md#adding-a-) [b](docs/A.md#what-npm-start-does-a-hits-way) [c](#here)';
  checkout.write('README.md', `# Here\n\n${good}\n[d](docs/A.md#adding) [e](#there)\n`);
  expect(await check()).toMatchObject({
    code: 1,
    stdout: 'README.md:4: docs/A.md#adding does not exist\nREADME.md:4: #there does not exist\n',
  });
});

it('leaves alone what is no path of ours: addresses, patterns, commands, examples', async () => {
  checkout.write('app/logs/[id]/page.tsx', '');
  checkout.write('lib/store/ports/stores.ts', '');
  checkout.write(
    'lib/README.md',
    'the port is `store/ports/stores.ts`, or `lib/store/ports/stores.ts`',
  );
  checkout.write(
    'README.md',
    [
      '[a](https://example.org/docs/x#part) `docs/*.md` `lib/{a,b}.ts` `npm start`',
      '`app/logs/[id]` and `/etc/nginx/nginx.conf` and `scripts/start.mjs:12`',
      '```',
      '[c](docs/NO.md) `lib/no.ts`',
      '```',
    ].join('\n'),
  );
  expect(await check()).toMatchObject({ code: 0, stdout: '' });
});
