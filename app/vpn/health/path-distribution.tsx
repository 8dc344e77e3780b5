'use client';

import type { PathDistributionResponse } from '@/lib/api/health-schemas';
import { formatQuantity, formatShare } from '@/lib/domain/format';
import { DataTable } from '../../_ui/data-table';
import { Empty } from '../../_ui/empty';
import { Name } from '../../_ui/name';
import { Panel } from '../../_ui/panel';
import { PathBar } from '../../_ui/path-bar';

type Row = PathDistributionResponse['nodes'][number];
type Type = keyof Row['rounds'];

/** The share of rounds that found each kind of connection, by device. */
export function PathDistribution({ distribution }: { distribution: PathDistributionResponse }) {
  const { nodes, days } = distribution;
  const all = (row: Row) => Object.values(row.rounds).reduce((a, b) => a + b, 0);
  const directShare = (row: Row) => row.rounds.direct / Math.max(1, all(row));
  const share = (type: Type) => (row: Row) =>
    all(row) > 0 ? formatShare(row.rounds[type] / all(row)) : '—';
  const column = (heading: string, type: Type) => ({
    heading,
    unit: () => heading.toLowerCase(),
    text: share(type),
  });
  return (
    <Panel
      title="Path distribution"
      id="distribution"
      note={`Rounds of pings in the last ${formatQuantity(days, 'day')}`}
    >
      {nodes.length === 0 ? (
        <Empty title="No pings yet">The first round follows right after the start.</Empty>
      ) : (
        <DataTable
          caption="Shares of connection types by device"
          heading="Device"
          rows={nodes.toSorted((a, b) => directShare(a) - directShare(b))}
          keyOf={(row) => row.hostname}
          name={(row) => <Name text={row.hostname} />}
          weight={all}
          bar={(row) => <PathBar counts={row.rounds} />}
          columns={[
            column('Direct', 'direct'),
            column('Peer relay', 'peer_relay'),
            column('Relay', 'relay'),
            column('Offline', 'offline'),
          ]}
        />
      )}
    </Panel>
  );
}
