import type { Periods } from '../../rollup/periods';
import type { Stores } from '../ports/stores';
import { accessesContract } from './accesses';
import { alertsContract } from './alerts';
import { auditContract } from './audit';
import { channelsContract } from './channels';
import { connectionsContract } from './connections';
import { digestsContract } from './digests';
import { eventsContract } from './events';
import { hitCountersContract } from './hit-counters';
import { ingestContract } from './ingest';
import { inventoryContract } from './inventory';
import { maintenanceContract } from './maintenance';
import { messagesContract } from './messages';
import { modelCsvContract } from './model-csv';
import { modelsContract } from './models';
import { mutesContract } from './mutes';
import { noticesContract } from './notices';
import { pathsContract } from './paths';
import { rejectedLinesContract } from './rejected-lines';
import { stateContract } from './state';
import { summariesContract } from './summaries';
import { timeZonesContract } from './time-zones';
import { trafficContract } from './traffic';
import { visitorsContract } from './visitors';

/** Runs the suites of every port of `Stores`. `open` opens a folder's stores, empty when the folder is. */
export function storesContract(
  name: string,
  open: (folder: string, periods?: Periods) => Promise<Stores>,
  zones?: string[],
): void {
  accessesContract(name, open);
  ingestContract(name, open);
  hitCountersContract(name, open);
  visitorsContract(name, open);
  rejectedLinesContract(name, open);
  connectionsContract(name, open);
  pathsContract(name, open);
  trafficContract(name, open);
  inventoryContract(name, open);
  eventsContract(name, open);
  summariesContract(name, open);
  stateContract(name, open);
  alertsContract(name, open);
  mutesContract(name, open);
  noticesContract(name, open);
  messagesContract(name, open);
  channelsContract(name, open);
  digestsContract(name, open);
  auditContract(name, open);
  modelsContract(name, open);
  modelCsvContract(name, open);
  maintenanceContract(name, open);
  timeZonesContract(name, open, zones);
}
