'use client';

import type { MetricsHistoryResponse } from '@/lib/api/model-schemas';
import { formatClock, formatMetric } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { AsTable } from '../../_ui/as-table';
import { useZone } from '../../_ui/zone';

/** Every report as a table, newest first. */
export function EntryTable({ entries }: { entries: MetricsHistoryResponse['entries'] }) {
  const zone = useZone();
  return (
    <AsTable label={t('models.asTable')}>
      {() => (
        <>
          <thead>
            <tr>
              <th scope="col">{t('models.reported')}</th>
              <th scope="col">{t('models.versionColumn')}</th>
              <th scope="col">{t('models.mae')}</th>
              <th scope="col">{t('models.baseline')}</th>
              <th scope="col">{t('models.ratio')}</th>
              <th scope="col">{t('models.rmse')}</th>
              <th scope="col">R²</th>
              <th scope="col">{t('models.state')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.toReversed().map((entry) => (
              <tr key={`${entry.timestamp} ${entry.trained_at} ${entry.version}`}>
                <th scope="row">{formatClock(Date.parse(entry.timestamp), zone)}</th>
                <td>
                  <bdi>{entry.version ?? '—'}</bdi>
                </td>
                <td>{words(entry.metrics.mae)}</td>
                <td>{words(entry.baseline_mae)}</td>
                <td>{entry.ratio === null ? '—' : `${formatMetric(entry.ratio)}×`}</td>
                <td>{words(entry.metrics.rmse)}</td>
                <td>{words(entry.metrics.r2)}</td>
                <td>{t(entry.status === 'ok' ? 'models.usual' : `models.${entry.status}`)}</td>
              </tr>
            ))}
          </tbody>
        </>
      )}
    </AsTable>
  );
}

const words = (value: number | null | undefined) =>
  value === null || value === undefined ? '—' : formatMetric(value);
