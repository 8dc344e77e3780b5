'use client';

import type { PathSpeedResponse } from '@/lib/api/health-schemas';
import { formatCount, pluralize } from '@/lib/domain/format';
import { DataTable } from '../../_ui/data-table';
import { Empty } from '../../_ui/empty';
import { p95Meaning } from '../../_ui/meanings';
import { Name } from '../../_ui/name';
import { Panel } from '../../_ui/panel';
import { formatQuantile } from '../../_ui/quantile';
import { Term } from '../../_ui/tooltip';
import { hitsOf, type SpeedRow, speedRows } from './speed-rows';

/** Durations of the same endpoints over direct and relayed paths. */
export function SpeedByPath({ speeds, response_time_error: error }: PathSpeedResponse) {
  const rows = speedRows(speeds);
  const severalHosts = new Set(rows.map(({ host }) => host)).size > 1;
  const label = ({ host, endpoint }: SpeedRow) =>
    severalHosts ? `${host ?? ''}${endpoint}` : endpoint;
  const pair = (speed: SpeedRow['direct']) =>
    speed
      ? latencies(formatQuantile(speed.p50_ms, error), formatQuantile(speed.p95_ms, error))
      : '—';
  return (
    <Panel
      title="Speed by path"
      id="speed"
      note={
        <>
          Median / <Term meaning={p95Meaning()}>p95</Term>, last 7 days
        </>
      }
      csv={rows.length > 0 ? () => speedCsv(speeds) : undefined}
    >
      {rows.length === 0 ? (
        <Empty title="Nothing to compare yet">
          Durations are joined with the path of the client’s device at that time. This needs
          accesses with durations in the log, and a path that was measured.
        </Empty>
      ) : (
        <DataTable
          caption="Durations by endpoint and path"
          heading="Endpoint"
          rows={rows}
          keyOf={(row) => `${row.host} ${row.endpoint}`}
          name={(row) => <Name text={label(row)} />}
          weight={hitsOf}
          columns={[
            {
              heading: 'Accesses',
              unit: (row) => pluralize(hitsOf(row), 'access', 'accesses'),
              text: (row) => formatCount(hitsOf(row)),
            },
            { heading: 'Direct', unit: () => 'direct', text: (row) => pair(row.direct) },
            { heading: 'Relayed', unit: () => 'relayed', text: (row) => pair(row.relayed) },
            {
              heading: 'Relayed vs direct',
              unit: () => 'relayed vs direct',
              text: (row) => (row.ratio === null ? '—' : `${row.ratio.toFixed(1)}×`),
              alarming: (row) => (row.ratio ?? 0) >= 2,
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** Formats two durations with their unit once, if it is the same: `29.3 / 49.4 ms`. */
function latencies(low: string, high: string): string {
  const unit = /[\s\u00a0]\S+$/.exec(high)?.[0] ?? '';
  return `${unit && low.endsWith(unit) ? low.slice(0, -unit.length) : low} / ${high}`;
}

const speedCsv = (speeds: PathSpeedResponse['speeds']) => ({
  name: 'speed-by-path',
  header: ['endpoint', 'path', 'hits', 'p50_ms', 'p95_ms', 'host'],
  rows: speeds.map(({ endpoint, path, hits, p50_ms, p95_ms, host }) => [
    endpoint,
    path,
    hits,
    p50_ms,
    p95_ms,
    host,
  ]),
});
