'use client';

import type { MetricsHistoryResponse } from '@/lib/api/model-schemas';
import { formatInstant, formatMetric, formatQuantity } from '@/lib/domain/format';
import { PlotFrame } from '../../_ui/plot-frame';
import { PlotSvg } from '../../_ui/plot-grid';
import { evenTicks } from '../../_ui/plot-scale';
import { useZone } from '../../_ui/zone';
import styles from './model-chart.module.css';
import {
  type Axis,
  baselineDots,
  type Dot,
  dotsOf,
  dotsPath,
  placeOf,
  scaleOf,
  versionChanges,
  withRoom,
} from './model-shapes';

type Entries = MetricsHistoryResponse['entries'];

/** A model's error over time with its baseline, the reports that are degraded, and changes of version. */
export function ErrorChart({
  history: { entries, factor, model_name },
  axis,
}: {
  history: MetricsHistoryResponse;
  axis: Axis;
}) {
  const zone = useZone();
  const mae = dotsOf(entries, 'mae');
  const naive = dotsOf(entries, 'naive_mae');
  const baseline = baselineDots(entries, 1);
  const threshold = baselineDots(entries, factor);
  const { bottom, top, y, ticks } = axisY([mae, naive, baseline, threshold]);
  const marks = versionChanges(entries);
  const labelled = withRoom(marks, axis);
  const degraded = entries.filter(({ status }) => status === 'degraded');
  return (
    <PlotFrame
      axis={axis}
      ticks={ticks}
      height={220}
      label={`MAE of ${model_name}, ${formatQuantity(entries.length, 'report')}, ${degraded.length} of them degraded. The table below has every number.`}
    >
      <PlotSvg className={styles.lines}>
        <path className={styles.threshold} d={dotsPath(threshold, axis, y)} />
        <path className={styles.baseline} d={dotsPath(baseline, axis, y)} />
        <path className={styles.naive} d={dotsPath(naive, axis, y)} />
        <path className={styles.value} d={dotsPath(mae, axis, y)} />
        <path className={styles.dots} d={singles(mae, axis, y)} />
      </PlotSvg>
      {marks.map((mark) => (
        <div
          key={mark.time}
          className={styles.version}
          style={{ left: `${placeOf(mark.time, axis) * 100}%` }}
          data-flip={placeOf(mark.time, axis) > 0.85}
          title={`Version ${mark.version}, ${formatInstant(mark.time, zone)}`}
        >
          {labelled.has(mark) && <bdi>{mark.version}</bdi>}
        </div>
      ))}
      {degraded.map((entry) => (
        <span
          key={entry.timestamp}
          className={styles.degraded}
          style={{
            left: `${placeOf(Date.parse(entry.timestamp), axis) * 100}%`,
            bottom: `${y(Math.min(top, Math.max(bottom, entry.metrics.mae ?? 0))) * 100}%`,
          }}
          title={`${formatInstant(Date.parse(entry.timestamp), zone)}: ${formatMetric(entry.metrics.mae ?? 0)}, ${entry.ratio?.toFixed(1) ?? ''} times the baseline`}
        />
      ))}
    </PlotFrame>
  );
}

/** Another metric over time, small, with the naive forecast's where the model reports it. */
export function MetricChart({
  entries,
  metric,
  name,
  axis,
}: {
  entries: Entries;
  metric: string;
  name: string;
  axis: Axis;
}) {
  const dots = dotsOf(entries, metric);
  const naive = dotsOf(entries, `naive_${metric}`);
  const { y, ticks } = axisY([dots, naive], 2);
  return (
    <PlotFrame
      axis={axis}
      ticks={ticks}
      height={88}
      label={`${name} over time. The table below has every number.`}
    >
      <PlotSvg className={styles.lines}>
        <path className={styles.naive} d={dotsPath(naive, axis, y)} />
        <path className={styles.value} d={dotsPath(dots, axis, y)} />
        <path className={styles.dots} d={singles(dots, axis, y)} />
      </PlotSvg>
    </PlotFrame>
  );
}

/** Returns an even scale for the values; `y` maps a value to 0 (bottom) to 1 (top). */
function axisY(lists: readonly (readonly Dot[])[], target = 4) {
  const scale = scaleOf(lists);
  const up = evenTicks(scale.top, target);
  const below = scale.bottom < 0 ? evenTicks(-scale.bottom, 1).slice(1) : [];
  const top = up.at(-1) ?? 1;
  const bottom = -(below.at(-1) ?? 0);
  const y = (value: number) => (Math.min(top, Math.max(bottom, value)) - bottom) / (top - bottom);
  const values = [...below.map((tick) => -tick).reverse(), ...up];
  return { bottom, top, y, ticks: values.map((at) => ({ at: y(at), label: formatMetric(at) })) };
}

/** Returns an SVG path of the dots alone. */
const singles = (dots: readonly Dot[], axis: Axis, y: (value: number) => number) =>
  dots.map((dot) => dotsPath([dot], axis, y)).join('');
