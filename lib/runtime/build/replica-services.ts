import { RemoteCalls } from '../../cluster/remote-calls';
import { RemoteServices } from '../../cluster/remote-services';
import type { WatchCollectors } from '../../cluster/watch-collectors';
import { LatencyBaselines } from '../../models/latency-baselines';
import type { Instance, ReplicaServices, Services } from '../../services';
import type { Histories } from '../../store/ports/stores';
import { noSuchCollector } from './services';

export type ReplicaParts = {
  collectors: WatchCollectors;
  /** Returns history as one collector saw it, or as all of them did. */
  historiesOf: (collector: string | undefined) => Histories;
  /** The default until a collector provides its own. */
  instance: Instance;
  audit: Services['audit'];
  storage: Services['storage'];
  jobs: Services['jobs'];
  subscribe: Services['subscribe'];
};

/** Returns the services of a replica: state from the collectors' snapshots, history from the store. */
export function replicaServices(parts: ReplicaParts): ReplicaServices {
  const { collectors, instance, audit, storage, subscribe } = parts;
  const made = new Map<string | undefined, ReplicaServices>();
  const forCollector = (name: string | undefined): ReplicaServices => {
    if (name !== undefined && !collectors.links().some((link) => link.name === name)) {
      throw noSuchCollector(name);
    }
    const services = made.get(name) ?? servicesOf(name);
    made.set(name, services);
    return services;
  };
  const servicesOf = (only: string | undefined): ReplicaServices => {
    const links = () =>
      collectors.links().filter(({ name }) => only === undefined || name === only);
    const remote = new RemoteServices(links);
    const histories = parts.historiesOf(only);
    const baselines = new LatencyBaselines(histories.connections);
    return {
      get instance() {
        const { connectionIntervalMs, quotaPlan, trafficBudget } = remote.settings() ?? instance;
        return { ...instance, connectionIntervalMs, quotaPlan, trafficBudget };
      },
      histories,
      tailnet: remote.tailnet,
      get accessLog() {
        return remote.accessLog;
      },
      get connections() {
        return { ...remote.connections, baseline: (nodeId: string) => baselines.of(nodeId) };
      },
      alerts: remote.alerts,
      get models() {
        return remote.models;
      },
      audit,
      storage,
      jobs: () => [...parts.jobs(), ...remote.jobs()],
      subscribe,
      // All of them, whichever is selected: the page lists the others too.
      collectors: () => collectors.links().map((link) => link.health()),
      forCollector,
      own: null,
      remote: new RemoteCalls(links, remote),
    };
  };
  return forCollector(undefined);
}
