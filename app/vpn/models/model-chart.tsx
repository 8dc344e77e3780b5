'use client';

import type { MetricsHistoryResponse } from '@/lib/api/model-schemas';
import { formatInstant } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { PlotFrame } from '../../_ui/plot-frame';
import { PlotSvg } from '../../_ui/plot-grid';
import { useZone } from '../../_ui/zone';
import styles from './model-chart.module.css';
import {
  type Axis,
  axisY,
  baselineDots,
  type Dot,
  dotsOf,
  dotsPath,
  placeOf,
  versionChanges,
  withRoom,
} from './model-shapes';
import { ReportCursor } from './report-cursor';

type Entries = MetricsHistoryResponse['entries'];

/** Where the cursor of all charts of a model stands: at a report, by its index. */
export type CursorAt = { at: number | null; onMove: (at: number | null) => void };

/** A model's error over time with its baseline, the reports that are degraded, and changes of version. */
export function ErrorChart({
  history: { entries, factor, model_name },
  axis,
  cursor,
}: {
  history: MetricsHistoryResponse;
  axis: Axis;
  cursor: CursorAt;
}) {
  const mae = dotsOf(entries, 'mae');
  const naive = dotsOf(entries, 'naive_mae');
  const baseline = baselineDots(entries, 1);
  const threshold = baselineDots(entries, factor);
  const { bottom, top, y, ticks } = axisY([mae, naive, baseline, threshold]);
  const degraded = entries.filter(({ status }) => status === 'degraded');
  const label = t('models.maeChart', {
    model: model_name,
    reports: entries.length,
    degraded: degraded.length,
  });
  return (
    <ReportCursor name={t('models.mae')} metric="mae" entries={entries} axis={axis} cursor={cursor}>
      <PlotFrame axis={axis} ticks={ticks} height={220} label={label}>
        <PlotSvg className={styles.lines}>
          <path className={styles.threshold} d={dotsPath(threshold, axis, y)} />
          <path className={styles.baseline} d={dotsPath(baseline, axis, y)} />
          <path className={styles.naive} d={dotsPath(naive, axis, y)} />
          <path className={styles.value} d={dotsPath(mae, axis, y)} />
          <path className={styles.dots} d={singles(mae, axis, y)} />
        </PlotSvg>
        <Versions entries={entries} axis={axis} />
        {degraded.map((entry) => (
          <span
            key={entry.timestamp}
            className={styles.degraded}
            style={{
              left: `${placeOf(Date.parse(entry.timestamp), axis) * 100}%`,
              bottom: `${y(Math.min(top, Math.max(bottom, entry.metrics.mae ?? 0))) * 100}%`,
            }}
          />
        ))}
      </PlotFrame>
    </ReportCursor>
  );
}

/** A line where the version changes, labelled where there is room: less of it on a phone. */
function Versions({ entries, axis }: { entries: Entries; axis: Axis }) {
  const zone = useZone();
  const marks = versionChanges(entries);
  const labelled = withRoom(marks, axis);
  const roomy = withRoom(marks, axis, 0.3);
  return marks.map((mark) => (
    <div
      key={mark.time}
      className={styles.version}
      style={{ left: `${placeOf(mark.time, axis) * 100}%` }}
      data-flip={placeOf(mark.time, axis) > 0.85}
      data-roomy={roomy.has(mark)}
      title={t('models.changedTo', {
        version: mark.version,
        time: formatInstant(mark.time, zone),
      })}
    >
      {labelled.has(mark) && <bdi>{t('models.version', { version: mark.version })}</bdi>}
    </div>
  ));
}

/** Another metric over time, small, with the naive forecast's where the model reports it. */
export function MetricChart({
  entries,
  metric,
  name,
  axis,
  cursor,
}: {
  entries: Entries;
  metric: string;
  name: string;
  axis: Axis;
  cursor: CursorAt;
}) {
  const dots = dotsOf(entries, metric);
  const naive = dotsOf(entries, `naive_${metric}`);
  const { y, ticks } = axisY([dots, naive], 2);
  return (
    <ReportCursor name={name} metric={metric} entries={entries} axis={axis} cursor={cursor}>
      <PlotFrame axis={axis} ticks={ticks} height={88} label={t('models.metricChart', { name })}>
        <PlotSvg className={styles.lines}>
          <path className={styles.naive} d={dotsPath(naive, axis, y)} />
          <path className={styles.value} d={dotsPath(dots, axis, y)} />
          <path className={styles.dots} d={singles(dots, axis, y)} />
        </PlotSvg>
      </PlotFrame>
    </ReportCursor>
  );
}

/** Returns an SVG path of the dots alone. */
const singles = (dots: readonly Dot[], axis: Axis, y: (value: number) => number) =>
  dots.map((dot) => dotsPath([dot], axis, y)).join('');
