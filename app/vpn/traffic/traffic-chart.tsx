'use client';

import { useMemo } from 'react';
import type { TrafficBy, TrafficResponse } from '@/lib/api/traffic-schemas';
import { formatBucket, formatBytes } from '@/lib/domain/format';
import { zoneNamed } from '@/lib/domain/time-zone';
import { t } from '@/lib/i18n/t';
import { DAY } from '@/lib/util/time';
import { AsTable } from '../../_ui/as-table';
import { BarChart } from '../../_ui/bar-chart';
import { Empty } from '../../_ui/empty';
import { Name } from '../../_ui/name';
import { useZone } from '../../_ui/zone';
import styles from './traffic.module.css';
import { chartParts } from './traffic-parts';

/** What travelled over time, stacked by its parts, with a legend and a table. */
export function TrafficChart({ answer, by }: { answer: TrafficResponse; by: TrafficBy }) {
  const readers = useZone();
  const stepMs = answer.step_seconds * 1000;
  // Days are those of the service, whatever zone the reader has chosen.
  const zone = useMemo(
    () => (stepMs < DAY ? readers : zoneNamed(answer.time_zone)),
    [stepMs, readers, answer.time_zone],
  );
  const parts = chartParts(answer, by);
  const times = answer.series.map(({ time }) => Date.parse(time));
  if (parts.length === 0) return <Empty title={t('traffic.quietTitle')} />;
  const { rx_bytes, tx_bytes } = answer.total;
  return (
    <div className={styles.traffic}>
      <BarChart
        label={t('traffic.chart', {
          hourly: stepMs < DAY ? 'yes' : 'no',
          received: formatBytes(rx_bytes),
          sent: formatBytes(tx_bytes),
        })}
        times={times}
        zone={zone}
        stepMs={stepMs}
        series={parts}
        range={{ from: Date.parse(answer.from), to: Date.parse(answer.to) }}
        before={0}
        noData=""
        format={formatBytes}
      />
      <div className={styles.foot}>
        <ul className={styles.legend}>
          {parts.map(({ key, name, color, values }) => (
            <li key={key}>
              <i style={{ background: `var(${color})` }} />
              <Name text={name} />{' '}
              <b>{formatBytes(values.reduce((sum, value) => sum + value, 0))}</b>
            </li>
          ))}
        </ul>
        <AsTable label={t('traffic.asTable')}>
          {() => (
            <>
              <thead>
                <tr>
                  <th scope="col">{t('traffic.from')}</th>
                  <th scope="col">{t('traffic.received')}</th>
                  <th scope="col">{t('traffic.sent')}</th>
                  {parts.map(({ key, name }) => (
                    <th key={key} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {answer.series.map((point, index) => (
                  <tr key={point.time}>
                    <th scope="row">
                      {formatBucket(times[index] ?? 0, stepMs, true, times.at(-1), zone)}
                    </th>
                    <td>{formatBytes(point.rx_bytes)}</td>
                    <td>{formatBytes(point.tx_bytes)}</td>
                    {parts.map(({ key, values }) => (
                      <td key={key}>{formatBytes(values[index] ?? 0)}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </>
          )}
        </AsTable>
      </div>
    </div>
  );
}
