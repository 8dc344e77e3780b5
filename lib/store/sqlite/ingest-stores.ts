import { UTC_PERIODS } from '../../rollup/periods';
import type { IngestStores } from '../ports/stores';
import { BlockWriter } from './block-writer';
import { Committer } from './commit';
import { DictionaryWriter } from './dictionary-writer';
import { SqliteFile } from './file';
import { CountingWriter } from './hit-counters';
import { SqliteIngest } from './ingest';
import { SqliteMaintenance } from './maintenance';
import { SqliteState } from './state';

/** Opens the database as `openSqliteStores` does, for the ingest thread alone: half the code of the stores. */
export const openIngestStores = async (
  path: string,
  periods = UTC_PERIODS,
): Promise<IngestStores> => sqliteIngestStores(await SqliteFile.open(path), periods);

/** Creates what the ingest thread uses on an open database. */
export function sqliteIngestStores(file: SqliteFile, periods = UTC_PERIODS): IngestStores {
  const { db } = file;
  const dictionary = new DictionaryWriter(db);
  const hits = new CountingWriter(db, dictionary, new BlockWriter(db, dictionary));
  return {
    ingest: new SqliteIngest(file, new Committer(db, dictionary, hits)),
    state: new SqliteState(file),
    maintenance: new SqliteMaintenance(file, periods),
    close: async () => file.close(),
  };
}
