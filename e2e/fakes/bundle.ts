import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';

/**
 * Bundles a program of this project that a test runs as a process or a thread of its own; returns its file and a
 * function that removes it. `name` tells it from those of other tests.
 */
export async function bundle(
  name: string,
  program: Pick<BuildOptions, 'entryPoints'> | { contents: string },
): Promise<{ file: string; remove: () => Promise<void> }> {
  // Beside node_modules, so that the package with the native code is found.
  const file = path.resolve('node_modules', `.${name}-${process.pid}.mjs`);
  await build({
    ...('contents' in program
      ? { stdin: { contents: program.contents, resolveDir: process.cwd(), loader: 'ts' } }
      : program),
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@photostructure/sqlite'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return { file, remove: () => rm(file, { force: true }) };
}
