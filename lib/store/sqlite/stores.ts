import { UTC_PERIODS } from '../../rollup/periods';
import type { CollectorState, Stores } from '../ports/stores';
import { SqliteAccesses } from './accesses';
import { SqliteAlerts } from './alerts';
import { SqliteAudit } from './audit';
import { SqliteChannels } from './channels';
import { SqliteConnections } from './connections';
import { SqliteDigests } from './digests';
import { SqliteEvents } from './events';
import { SqliteFile } from './file';
import { SqliteHitCounters } from './hit-counters';
import { sqliteIngestStores } from './ingest-stores';
import { SqliteInventory } from './inventory';
import { SqliteMessages } from './messages';
import { SqliteModelCsv } from './model-csv';
import { SqliteModels } from './models';
import { SqliteMutes } from './mutes';
import { SqliteNotices } from './notices';
import { SqlitePaths } from './paths';
import { SqliteRejectedLines } from './rejected-lines';
import { SqliteSummaries } from './summaries';
import { SqliteTraffic } from './traffic';
import { SqliteVisitors } from './visitors';

/**
 * Opens or creates the database, migrating it forward. `periods`: those of the time zone that days follow; another one
 * than before makes the roll-ups anew, in the background. Throws `StoreUnavailable`.
 */
export const openSqliteStores = async (path: string, periods = UTC_PERIODS): Promise<Stores> =>
  sqliteStores(await SqliteFile.open(path), periods);

/** Creates the ports on one SQLite file (WAL). Several may be open on it, in several threads; writes take turns. */
export function sqliteStores(file: SqliteFile, periods = UTC_PERIODS): Stores {
  const { db } = file;
  return {
    ...sqliteState(file),
    ...sqliteIngestStores(file, periods),
    hitCounters: new SqliteHitCounters(db),
    rejectedLines: new SqliteRejectedLines(db),
    visitors: new SqliteVisitors(file),
    accesses: new SqliteAccesses(db, periods),
    connections: new SqliteConnections(file),
    paths: new SqlitePaths(file),
    traffic: new SqliteTraffic(file, periods.zone),
    inventory: new SqliteInventory(file),
    events: new SqliteEvents(file),
    summaries: new SqliteSummaries(file),
  };
}

/** Creates what a collector stores in its own database, wherever the histories are stored. */
export function sqliteState(file: SqliteFile): CollectorState {
  return {
    alerts: new SqliteAlerts(file),
    mutes: new SqliteMutes(file),
    notices: new SqliteNotices(file),
    messages: new SqliteMessages(file),
    channels: new SqliteChannels(file),
    digests: new SqliteDigests(file),
    audit: new SqliteAudit(file),
    models: new SqliteModels(file),
    modelCsv: new SqliteModelCsv(file),
  };
}
