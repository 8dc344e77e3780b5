import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { openSqliteStores } from '../lib/store/sqlite/stores';
import { workFolder } from './work-folder';

/** Opens an empty database in a work folder of that name. */
export async function newStores(name: string) {
  const folder = await workFolder(name);
  const file = path.join(folder, 'observatory.sqlite');
  for (const suffix of ['', '-wal', '-shm']) await rm(file + suffix, { force: true });
  const stores = await openSqliteStores(file);
  return {
    stores,
    /** Returns the bytes of the database once all is in its file. */
    async size(): Promise<number> {
      const copy = path.join(folder, 'copy.sqlite');
      await stores.maintenance.backup(copy);
      const { size } = await stat(copy);
      await rm(copy, { force: true });
      return size;
    },
  };
}
