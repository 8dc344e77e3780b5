'use client';

import type { PathDistributionResponse } from '@/lib/api/health-schemas';
import { formatShare } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { DataTable } from '../../_ui/data-table';
import { Empty } from '../../_ui/empty';
import { Name } from '../../_ui/name';
import { Panel } from '../../_ui/panel';
import { PathBar } from '../../_ui/path-bar';

type Row = PathDistributionResponse['nodes'][number];
type Type = keyof Row['rounds'];

/** The kinds that have a column. */
const SHOWN = ['direct', 'peer_relay', 'relay', 'offline'] as const;

/** The share of rounds that found each kind of connection, by device. */
export function PathDistribution({ distribution }: { distribution: PathDistributionResponse }) {
  const { nodes, days } = distribution;
  const all = (row: Row) => Object.values(row.rounds).reduce((a, b) => a + b, 0);
  const directShare = (row: Row) => row.rounds.direct / Math.max(1, all(row));
  const share = (type: Type) => (row: Row) =>
    all(row) > 0 ? formatShare(row.rounds[type] / all(row)) : '—';
  const column = (type: (typeof SHOWN)[number]) => ({
    heading: t(`healthPage.${type}`),
    unit: () => t(`healthPage.${type}Unit`),
    text: share(type),
  });
  return (
    <Panel
      title={t('healthPage.distribution')}
      id="distribution"
      note={t('healthPage.distributionNote', { count: days })}
    >
      {nodes.length === 0 ? (
        <Empty title={t('healthPage.noPings')}>{t('healthPage.noPingsText')}</Empty>
      ) : (
        <DataTable
          caption={t('healthPage.distributionCaption')}
          heading={t('healthPage.device')}
          rows={nodes.toSorted((a, b) => directShare(a) - directShare(b))}
          keyOf={(row) => row.hostname}
          name={(row) => <Name text={row.hostname} />}
          weight={all}
          bar={(row) => <PathBar counts={row.rounds} />}
          columns={SHOWN.map(column)}
        />
      )}
    </Panel>
  );
}
