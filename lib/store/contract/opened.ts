import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Stores } from '../ports/stores';

/** Opens the ports `K` on a folder's data; without data when it is empty. */
export type Open<K extends keyof Stores> = (folder: string) => Promise<Pick<Stores, K | 'close'>>;

/** Opens stores in an empty folder before each test of a suite, and removes both after it. */
export function openedPerTest<T extends { close(): Promise<void> }>(
  open: (folder: string) => Promise<T>,
) {
  let folder: string;
  let stores: T;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'store-'));
    stores = await open(folder);
  });
  afterEach(async () => {
    await stores.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get stores() {
      return stores;
    },
    get folder() {
      return folder;
    },
    /** Opens it again, as after a restart of the process. */
    async reopen() {
      await stores.close();
      stores = await open(folder);
    },
    /** Opens the same folder as another process would. The caller closes it. */
    openAgain: () => open(folder),
  };
}
