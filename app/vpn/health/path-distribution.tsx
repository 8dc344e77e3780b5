'use client';

import type { PathDistributionResponse } from '@/lib/api/health-schemas';
import { formatShare } from '@/lib/domain/format';
import { DataTable } from '../../_ui/data-table';
import { Empty } from '../../_ui/empty';
import { Name } from '../../_ui/name';
import { Panel } from '../../_ui/panel';

type Row = PathDistributionResponse['nodes'][number];
type Type = keyof Row['rounds'];

/** What share of the rounds found which kind of connection, by node. */
export function PathDistribution({ distribution }: { distribution: PathDistributionResponse }) {
  const { nodes, days } = distribution;
  const all = (row: Row) => Object.values(row.rounds).reduce((a, b) => a + b, 0);
  const share = (type: Type) => (row: Row) =>
    all(row) > 0 ? formatShare(row.rounds[type] / all(row)) : '—';
  const column = (head: string, type: Type) => ({
    head,
    unit: head.toLowerCase(),
    text: share(type),
  });
  return (
    <Panel title="Path distribution" id="distribution" note={`rounds of the last ${days} days`}>
      {nodes.length === 0 ? (
        <Empty title="No round yet">The first one is made right after the start.</Empty>
      ) : (
        <DataTable
          caption="Shares of connection types by node"
          head="Node"
          rows={nodes}
          keyOf={(row) => row.hostname}
          name={(row) => <Name text={row.hostname} />}
          weight={all}
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
