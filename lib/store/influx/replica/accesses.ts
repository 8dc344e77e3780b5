import type { AccessFilter } from '../../../domain/access';
import type { AccessHistory } from '../../ports/accesses';
import type { PathHistory } from '../../ports/paths';
import type { InfluxQueryEngine } from '../query-engine';

/** The hits of one collector, or of all; `paths` assign response times to kinds of path. */
export function replicaAccesses(
  engine: InfluxQueryEngine,
  paths: PathHistory,
  only: string | null,
): AccessHistory {
  const narrowed = (filter: AccessFilter): AccessFilter =>
    only === null ? filter : { ...filter, collector: only };
  return {
    usage: (range, filter) => engine.usage(range, narrowed(filter)),
    totals: (range, filter) => engine.totals(range, narrowed(filter)),
    hits: (range, filter, limit, cursor) => engine.hits(range, narrowed(filter), limit, cursor),
    speedByPath: async (range) => engine.speedByPath(range, await paths.pathSpans(null, range)),
  };
}
