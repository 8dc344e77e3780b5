'use client';

import { lazy, type ReactNode, Suspense, useState } from 'react';
import { formatBucket, formatCount } from '@/lib/domain/format';
import styles from './bar-chart.module.css';
import { NoDataBefore } from './no-data-before';
import { PlotGrid } from './plot-grid';
import { countTicks, labelledBuckets } from './ticks';

const Chart = lazy(() => import('./chart'));

/** One set of bars. `color` is a CSS token; `values` has one entry a bucket, null where there is nothing to know. */
type BarSeries = { name: string; color: string; values: readonly (number | null)[] };

export type BarChartProps = {
  /** What it shows, in a sentence, for those who do not see it. A table with the same numbers belongs beside it. */
  label: string;
  /** Start of each bucket, epoch milliseconds, ascending. */
  times: readonly number[];
  stepMs: number;
  /** Stacked in this order, from the bottom. */
  series: readonly BarSeries[];
  /** The last bucket is not over yet: it is drawn paler. */
  lastIsPartial: boolean;
  /** How many buckets at the start lie before there was any data; shaded, with `noData` saying so. */
  before: number;
  noData: ReactNode;
  onPick: (index: number) => void;
};

/**
 * Stacked bars over time. Axes and bars are plain HTML and SVG, so they are there before any script; Chart.js is loaded
 * when a pointer first comes near and then draws the same bars in the same place, with tooltips.
 */
export function BarChart(props: BarChartProps) {
  const { times, series, label, stepMs } = props;
  const [wanted, setWanted] = useState(false);
  const totals = times.map((_, index) =>
    series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  );
  const ticks = countTicks(Math.max(0, ...totals));
  const top = ticks.at(-1) ?? 1;
  const bars = <StaticBars {...props} top={top} />;
  return (
    <div
      className={styles.chart}
      role="img"
      aria-label={label}
      onPointerEnter={() => setWanted(true)}
    >
      <PlotGrid ticks={ticks.map((tick) => ({ at: tick / top, label: formatCount(tick) }))}>
        {props.before > 0 && (
          <NoDataBefore share={props.before / times.length}>{props.noData}</NoDataBefore>
        )}
        <div className={styles.bars}>
          {wanted ? (
            <Suspense fallback={bars}>
              <Chart {...props} top={top} />
            </Suspense>
          ) : (
            bars
          )}
        </div>
      </PlotGrid>
      <div className={styles.x}>
        {labelledBuckets(times, 8).map(({ index, intervalMs }) => (
          <span key={index} style={{ left: `${((index + 0.5) / times.length) * 100}%` }}>
            {formatBucket(times[index] ?? 0, Math.max(intervalMs, stepMs), false)}
          </span>
        ))}
      </div>
    </div>
  );
}

function StaticBars({ times, series, lastIsPartial, top }: BarChartProps & { top: number }) {
  const base = times.map(() => 0);
  return (
    <svg viewBox={`0 0 ${times.length} ${top}`} preserveAspectRatio="none" aria-hidden="true">
      {series.map(({ name, color, values }) => {
        const paths = ['', ''];
        values.forEach((value, index) => {
          if (!value) return;
          const height = Math.max(value, top * 0.012);
          const bottom = top - (base[index] ?? 0);
          base[index] = (base[index] ?? 0) + value;
          const late = lastIsPartial && index === times.length - 1 ? 1 : 0;
          paths[late] += `M${index + 0.1} ${bottom}v${-height}h.8v${height}z`;
        });
        return (
          <g key={name} fill={`var(${color})`}>
            <path d={paths[0]} />
            <path d={paths[1]} opacity="0.5" />
          </g>
        );
      })}
    </svg>
  );
}
