import type { Stores } from '../ports/stores';
import { SqliteAccesses } from './accesses';
import { Committer } from './commit';
import { SqliteConnections } from './connections';
import { SqliteEvents } from './events';
import { SqliteFile } from './file';
import { SqliteIngest } from './ingest';
import { SqliteMaintenance } from './maintenance';
import { SqlitePaths } from './paths';
import { SqliteRejectedLines } from './rejected-lines';
import { SqliteState } from './state';
import { SqliteSummaries } from './summaries';
import { SqliteVisitors } from './visitors';

/** Opens or makes the database, migrating it forward. Throws `StoreUnavailable`. */
export const openSqliteStores = async (path: string): Promise<Stores> =>
  sqliteStores(await SqliteFile.open(path));

/** The ports over one SQLite file (WAL). Several may be open on it, in several threads; writes take turns. */
export function sqliteStores(file: SqliteFile): Stores {
  const { db } = file;
  return {
    ingest: new SqliteIngest(file, new Committer(db)),
    rejectedLines: new SqliteRejectedLines(db),
    visitors: new SqliteVisitors(file),
    accesses: new SqliteAccesses(db),
    connections: new SqliteConnections(file),
    paths: new SqlitePaths(file),
    events: new SqliteEvents(file),
    summaries: new SqliteSummaries(file),
    state: new SqliteState(file),
    maintenance: new SqliteMaintenance(file),
    close: async () => file.close(),
  };
}
