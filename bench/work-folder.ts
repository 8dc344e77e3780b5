import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/**
 * Returns a folder that keeps logs and databases between runs: `BENCH_DIR`, else in the temporary folder. Up to 3 GB.
 */
export async function workFolder(...parts: string[]): Promise<string> {
  const base = process.env.BENCH_DIR || path.join(os.tmpdir(), 'tailnet-observatory-bench');
  const folder = path.join(base, ...parts);
  await mkdir(folder, { recursive: true });
  return folder;
}
