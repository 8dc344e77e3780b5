'use client';

import { lazy, type ReactNode, Suspense, useState } from 'react';
import { formatCount } from '@/lib/domain/format';
import type { TimeZone } from '@/lib/domain/time-zone';
import styles from './bar-chart.module.css';
import { BucketLabels } from './bucket-labels';
import { NoDataBefore } from './no-data-before';
import { PlotGrid } from './plot-grid';
import { countTicks, isPartial } from './ticks';
import { usePrinting } from './use-printing';

const Chart = lazy(() => import('./chart'));

/** One set of bars. `color` is a CSS token; `values` has one entry per bucket, null where nothing is known. */
type BarSeries = { name: string; color: string; values: readonly (number | null)[] };

export type BarChartProps = {
  /** What it shows, in a sentence, for screen readers. A table with the same numbers belongs beside it. */
  label: string;
  /** Start of each bucket, epoch milliseconds, ascending. */
  times: readonly number[];
  stepMs: number;
  /** The zone that times are shown in. */
  zone: TimeZone;
  /** Stacked in this order, from the bottom. */
  series: readonly BarSeries[];
  /** The range asked for, epoch milliseconds: a bucket that reaches beyond it is partial and drawn paler. */
  range: { from: number; to: number };
  /** How many buckets at the start are before the first data; shaded, with `noData` as their label. */
  before: number;
  noData: ReactNode;
  onPick?: (index: number) => void;
  /** How values are written; as counts by default. */
  format?: (value: number) => string;
};

/**
 * Stacked bars over time. Axes and bars are HTML and SVG, so they work without JavaScript; when a pointer first comes
 * near, Chart.js is loaded and draws the same bars in the same position, with tooltips. On paper the SVG is used.
 */
export function BarChart(props: BarChartProps) {
  const { times, series, label, stepMs, zone, format = formatCount } = props;
  const [wanted, setWanted] = useState(false);
  const totals = times.map((_, index) =>
    series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  );
  const ticks = countTicks(Math.max(0, ...totals));
  const top = ticks.at(-1) ?? 1;
  const labels = ticks.map((tick) => ({ at: tick / top, label: format(tick) }));
  const printing = usePrinting();
  const bars = <StaticBars {...props} top={top} />;
  return (
    <div
      className={styles.chart}
      style={{ '--letters': Math.max(...labels.map(({ label }) => label.length)) }}
      role="img"
      aria-label={label}
      onPointerEnter={() => setWanted(true)}
    >
      <PlotGrid ticks={labels}>
        {props.before > 0 && (
          <NoDataBefore share={props.before / times.length}>{props.noData}</NoDataBefore>
        )}
        <div className={styles.bars}>
          {wanted && !printing ? (
            <Suspense fallback={bars}>
              <Chart {...props} top={top} />
            </Suspense>
          ) : (
            bars
          )}
        </div>
      </PlotGrid>
      <BucketLabels times={times} stepMs={stepMs} count={8} zone={zone} />
    </div>
  );
}

/** Of the drawing, in its own units. */
const HEIGHT = 1000;

function StaticBars({ times, series, stepMs, range, top }: BarChartProps & { top: number }) {
  const base = times.map(() => 0);
  // Browsers do not draw what is as high as bytes are many.
  const scale = HEIGHT / top;
  return (
    <svg viewBox={`0 0 ${times.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {series.map(({ name, color, values }) => {
        const paths = ['', ''];
        values.forEach((value, index) => {
          if (!value) return;
          const height = value * scale;
          const bottom = HEIGHT - (base[index] ?? 0);
          base[index] = (base[index] ?? 0) + height;
          const pale = isPartial(times[index] ?? 0, stepMs, range) ? 1 : 0;
          paths[pale] += `M${index + 0.1} ${bottom}v${-height}h.8v${height}z`;
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
