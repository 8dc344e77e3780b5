import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** Returns the files that a page is made of, by their paths: Next makes a program of its own of each. */
async function filesOf(page: string): Promise<string[]> {
  const { metafile } = await build({
    ...{ entryPoints: [page], bundle: true, write: false, metafile: true, outdir: 'unused' },
    ...{ platform: 'node', format: 'esm', jsx: 'automatic', alias: { '@': process.cwd() } },
    ...{ external: ['next/*', 'react', 'react-dom'], loader: { '.css': 'empty' } },
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? file : [])),
  );
}

it.each(['page', 'accesses/page', 'devices/page', 'traffic/page', 'services/page', 'logs/page'])(
  'app/vpn/%s.tsx has the calls and the texts of the service, and makes no schemas or catalogs of its own',
  async (page) => {
    const files = await filesOf(`app/vpn/${page}.tsx`);
    expect(files).toContain('lib/api/load.ts');
    expect(files.filter((file) => /\/zod\/|i18n\/messages\/(en|es)|routes\.ts/.test(file))).toEqual(
      [],
    );
  },
);
