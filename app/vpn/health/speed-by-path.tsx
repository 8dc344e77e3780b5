'use client';

import type { PathSpeedResponse } from '@/lib/api/health-schemas';
import { formatCount, formatRatio } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { DataTable } from '../../_ui/data-table';
import { Empty } from '../../_ui/empty';
import { p95Meaning } from '../../_ui/meanings';
import { Name } from '../../_ui/name';
import { Panel } from '../../_ui/panel';
import { formatQuantile } from '../../_ui/quantile';
import { rich } from '../../_ui/rich';
import { Term } from '../../_ui/tooltip';
import styles from '../usage-lists.module.css';
import { hitsOf, type SpeedRow, speedRows } from './speed-rows';

/** Durations of the same endpoints over direct and relayed paths. */
export function SpeedByPath({ speeds, response_time_error: error }: PathSpeedResponse) {
  const rows = speedRows(speeds);
  const severalHosts = new Set(rows.map(({ host }) => host)).size > 1;
  const pair = (speed: SpeedRow['direct']) =>
    speed
      ? latencies(formatQuantile(speed.p50_ms, error), formatQuantile(speed.p95_ms, error))
      : '—';
  return (
    <Panel
      title={t('healthPage.speed')}
      id="speed"
      note={rich('healthPage.speedNote', {
        p95: (word) => <Term meaning={p95Meaning()}>{word}</Term>,
      })}
      csv={rows.length > 0 ? () => speedCsv(speeds) : undefined}
    >
      {rows.length === 0 ? (
        <Empty title={t('healthPage.noSpeed')}>{t('healthPage.noSpeedText')}</Empty>
      ) : (
        <DataTable
          caption={t('healthPage.speedCaption')}
          heading={t('healthPage.endpoint')}
          rows={rows}
          keyOf={(row) => `${row.host} ${row.endpoint}`}
          name={(row) => (
            <span className={styles.named}>
              <Name text={row.endpoint} />
              {severalHosts && row.host !== null && (
                <span className={styles.host}>
                  <Name text={row.host} />
                </span>
              )}
            </span>
          )}
          weight={hitsOf}
          columns={[
            {
              heading: t('healthPage.accesses'),
              unit: (row) => t('healthPage.accessesUnit', { count: hitsOf(row) }),
              text: (row) => formatCount(hitsOf(row)),
            },
            {
              heading: t('healthPage.direct'),
              unit: () => t('healthPage.directUnit'),
              text: (row) => pair(row.direct),
            },
            {
              heading: t('healthPage.relayed'),
              unit: () => t('healthPage.relayedUnit'),
              text: (row) => pair(row.relayed),
            },
            {
              heading: t('healthPage.ratio'),
              unit: () => t('healthPage.ratioUnit'),
              text: (row) => (row.ratio === null ? '—' : formatRatio(row.ratio)),
              // As it is shown, so that two rows that show the same look the same.
              alarming: (row) => tenths(row.ratio ?? 0) >= 2,
            },
          ]}
        />
      )}
    </Panel>
  );
}

const tenths = (ratio: number) => Math.round(ratio * 10) / 10;

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
