import { setTimeout as sleep } from 'node:timers/promises';
import type { InfluxCollectorStores } from '../../../lib/store/influx/collector-stores';
import type { Histories, Stores } from '../../../lib/store/ports/stores';

/** A question asked sooner is answered from what was known a moment ago. */
const KNOWN_FOR_MS = 260;

/**
 * A collector's stores whose connections, paths, traffic, inventory and events are read as a replica reads them. What was written is sent
 * before the next question, as the collector's thread does all the time.
 */
export function readByReplica(collector: InfluxCollectorStores, replica: Histories): Stores {
  const { ingest, visitors, accesses, connections, paths, events, maintenance, sender } = collector;
  const { traffic, inventory } = collector;
  let isSent = sender.state().points === 0;
  const sends =
    <A extends unknown[], R>(write: (...given: A) => Promise<R>) =>
    (...given: A): Promise<R> => {
      isSent = false;
      return write(...given);
    };
  const asks =
    <A extends unknown[], R>(ask: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      if (!isSent) {
        if (!(await sender.drain(undefined, false))) throw new Error(String(sender.state().error));
        await sleep(KNOWN_FOR_MS);
        isSent = true;
      }
      return ask(...given);
    };
  return {
    ...collector,
    ingest: {
      checkpoints: () => ingest.checkpoints(),
      claimFiles: (checkpoints) => ingest.claimFiles(checkpoints),
      rejectedRanges: () => ingest.rejectedRanges(),
      commit: sends((batch) => ingest.commit(batch)),
    },
    visitors: {
      visitorsToIdentify: (before, limit) => visitors.visitorsToIdentify(before, limit),
      identify: sends((id, identity, now) => visitors.identify(id, identity, now)),
    },
    accesses: {
      usage: asks((range, filter) => accesses.usage(range, filter)),
      totals: asks((range, filter) => accesses.totals(range, filter)),
      hits: asks((range, filter, limit, cursor) => accesses.hits(range, filter, limit, cursor)),
      speedByPath: asks((range) => accesses.speedByPath(range)),
    },
    connections: {
      addConnections: sends((round) => connections.addConnections(round)),
      recentRounds: asks((id, limit) => replica.connections.recentRounds(id, limit)),
      lastConnections: asks(() => replica.connections.lastConnections()),
      latencyHistory: asks((id, range, intervalMs) =>
        replica.connections.latencyHistory(id, range, intervalMs),
      ),
      connectionCounts: asks((range) => replica.connections.connectionCounts(range)),
    },
    paths: {
      observePaths: sends((observations) => paths.observePaths(observations)),
      pathSpans: asks((ids, range) => replica.paths.pathSpans(ids, range)),
    },
    traffic: {
      addTraffic: sends((change) => traffic.addTraffic(change)),
      lastCounters: () => traffic.lastCounters(),
      trafficTotals: () => traffic.trafficTotals(),
      trafficSums: asks((step, range, ids) => replica.traffic.trafficSums(step, range, ids)),
      countedSums: asks((step, range) => replica.traffic.countedSums(step, range)),
      trafficSince: asks(() => replica.traffic.trafficSince()),
    },
    inventory: {
      knownDevices: () => inventory.knownDevices(),
      noteDevices: sends((devices, changes, now) => inventory.noteDevices(devices, changes, now)),
      inventoryChanges: asks((range, nodeId, limit) =>
        replica.inventory.inventoryChanges(range, nodeId, limit),
      ),
    },
    events: {
      addEvents: sends((added) => events.addEvents(added)),
      events: asks((range, filter, limit, cursor) =>
        replica.events.events(range, filter, limit, cursor),
      ),
    },
    maintenance: {
      rollUp: asks((now) => maintenance.rollUp(now)),
      recount: asks((now) => maintenance.recount(now)),
      prune: sends((now, retention) => maintenance.prune(now, retention)),
      backup: (file) => maintenance.backup(file),
      size: () => maintenance.size(),
    },
  };
}
