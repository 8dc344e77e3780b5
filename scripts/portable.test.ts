import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

/**
 * A program that exists on every system, with plain arguments: cmd.exe and sh read quotes, variables and patterns
 * differently.
 */
const PLAIN_COMMAND = /^(node|biome|vitest)( [\w./:-]+)*$/;

/** What fails on other systems, with an example of each that has to be found. */
const NOT_PORTABLE: { what: RegExp; why: string; example: string }[] = [
  {
    what: /import\.meta\.url\)\.pathname/,
    why: 'a path from a URL by fileURLToPath: on Windows a pathname begins with /C:',
    example: 'new URL(import.meta.url).pathname',
  },
  {
    what: /\bimport\((?!['"]|pathToFileURL\()/,
    why: 'a file is imported by pathToFileURL: C:\\ is no URL',
    example: 'import(path.join(root, name))',
  },
  {
    what: /\b__(dirname|filename)\b(?! =|')/,
    why: 'ES modules have none',
    example: 'path.join(__dirname, name)',
  },
  {
    what: /node_modules\/\.bin/,
    why: 'those are shell scripts on Windows: tool() in paths.mjs runs what they run',
    example: "inRoot('node_modules/.bin', name)",
  },
  {
    what: /\bshell: true|(?<![\w.])exec(Sync)?\(/,
    why: 'each system has another shell',
    example: "spawn('npm', { shell: true })",
  },
  {
    what: /['"`]\/tmp\b/,
    why: 'os.tmpdir() says where temporary files go',
    example: "fs.mkdtempSync('/tmp/x')",
  },
  {
    what: /\.split\('\/'\)|startsWith\('\/'\)/,
    why: 'path knows how paths are divided',
    example: "file.split('/')",
  },
];

const sources = readdirSync('scripts', { recursive: true })
  .map((name) => path.join('scripts', String(name)))
  .filter((file) => file.endsWith('.mjs'));

it('package.json has scripts that every system’s shell reads alike', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  );
  expect(Object.keys(scripts).length).toBeGreaterThan(5);
  expect(Object.values(scripts).filter((command) => !PLAIN_COMMAND.test(command))).toEqual([]);
});

it.each([
  'A=1 node x.mjs',
  'exec node x.mjs',
  'node x.mjs && node y.mjs',
  'node x.mjs | cat',
  "node -e '1'",
  'node $HOME/x.mjs',
  'node tests/*.mjs',
  './x.sh',
  'rm -rf data',
])('would find %s', (command) => {
  expect(command).not.toMatch(PLAIN_COMMAND);
});

it.each(NOT_PORTABLE)('scripts: $why', ({ what, example }) => {
  expect(example).toMatch(what);
  const faults = sources.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line, index) => ({ line, at: `${file}:${index + 1}` }))
      .filter(({ line }) => what.test(line) && !/^\s*(\/\/|\*|\/\*\*)/.test(line))
      .map(({ line, at }) => `${at}: ${line.trim()}`),
  );
  expect(faults).toEqual([]);
});
