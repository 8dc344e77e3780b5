import type { Histories } from '../../ports/stores';
import type { Influx } from '../client';
import { InfluxHitSource } from '../hit-source';
import { InfluxQueryEngine } from '../query-engine';
import { replicaAccesses } from './accesses';
import { replicaConnections } from './connections';
import { replicaEvents } from './events';
import { replicaInventory } from './inventory';
import { replicaPaths } from './paths';
import { replicaTraffic } from './traffic';

/**
 * What a web replica reads from InfluxDB: the histories of the collector `only`, or of all as one when it is `null`. An
 * `engine` that several share caches for all of them.
 */
export function replicaHistories(
  influx: Influx,
  only: string | null = null,
  engine = new InfluxQueryEngine(new InfluxHitSource(influx)),
): Histories {
  const paths = replicaPaths(influx, only);
  return {
    accesses: replicaAccesses(engine, paths, only),
    connections: replicaConnections(influx, only),
    paths,
    events: replicaEvents(influx, only),
    traffic: replicaTraffic(influx, only),
    inventory: replicaInventory(influx, only),
  };
}
