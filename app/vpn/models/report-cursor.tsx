'use client';

import type { ReactNode } from 'react';
import type { ModelEntryResponse } from '@/lib/api/model-schemas';
import { formatClock, formatMetric } from '@/lib/domain/format';
import type { TimeZone } from '@/lib/domain/time-zone';
import { t } from '@/lib/i18n/t';
import { ChartCursor } from '../../_ui/chart-cursor';
import { TimeAxis } from '../../_ui/plot-frame';
import { useZone } from '../../_ui/zone';
import type { CursorAt } from './model-chart';
import styles from './model-chart.module.css';
import { type Axis, placeOf } from './model-shapes';

/** A chart of a metric with its time axis, and a cursor that says what each report had. */
export function ReportCursor({
  name,
  metric,
  entries,
  axis,
  cursor,
  children,
}: {
  name: string;
  metric: string;
  entries: readonly ModelEntryResponse[];
  axis: Axis;
  cursor: CursorAt;
  children: ReactNode;
}) {
  const zone = useZone();
  const entry = entries[cursor.at ?? -1];
  return (
    <>
      <div className={styles.hoverable}>
        {children}
        <div className={styles.over}>
          <ChartCursor
            label={t('models.cursor', { name })}
            places={entries.map(({ timestamp }) => placeOf(Date.parse(timestamp), axis))}
            {...cursor}
            textOf={(index) => {
              const one = entries[index];
              return one ? wordsOf(one, metric, name, zone).join(', ') : '';
            }}
          >
            {entry && <Words words={wordsOf(entry, metric, name, zone)} />}
          </ChartCursor>
        </div>
      </div>
      <TimeAxis axis={axis} />
    </>
  );
}

function Words({ words: [first, ...others] }: { words: readonly string[] }) {
  return (
    <>
      <b>{first}</b>
      {others.map((each) => (
        <div key={each}>{each}</div>
      ))}
    </>
  );
}

/** Says what a report had: when, its version, the metric, and what that is compared with. */
function wordsOf(
  entry: ModelEntryResponse,
  metric: string,
  name: string,
  zone: TimeZone,
): string[] {
  const { metrics, version, baseline_mae, ratio, status } = entry;
  const value = metrics[metric];
  const naive = metrics[`naive_${metric}`];
  const words = [
    formatClock(Date.parse(entry.timestamp), zone).slice(0, 16),
    t('models.value', {
      name,
      value: value === undefined ? t('models.notReported') : formatMetric(value),
    }),
  ];
  if (metric === 'mae' && baseline_mae !== null) {
    words.push(t('models.withBaseline', { value: formatMetric(baseline_mae) }));
    if (ratio !== null) words.push(t('models.times', { ratio: formatMetric(ratio) }));
  }
  if (naive !== undefined) words.push(t('models.withNaive', { value: formatMetric(naive) }));
  if (version !== null) words.push(t('models.version', { version }));
  if (metric === 'mae' && status === 'degraded') words.push(t('models.degraded'));
  return words;
}
