'use client';

import { lazy, type ReactNode, Suspense, useState } from 'react';
import { formatLatency, formatShare } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import styles from './latency-chart.module.css';
import { bandPath, type LatencyLine, linePath, pathPieces, reach } from './latency-shapes';
import { type LatencyPlot, lineStyle } from './latency-style';
import { NoDataBefore } from './no-data-before';
import { PlotFrame } from './plot-frame';
import { PlotSvg } from './plot-grid';
import { evenTicks } from './plot-scale';
import { usePrinting } from './use-printing';
import { reachOfUsual, usualPoints } from './usual-latency';

const Canvas = lazy(() => import('./latency-canvas'));

/**
 * Latency over time: the average as a line, minimum to maximum as a band, the usual range as a paler band, loss hanging
 * from the top, the path as the background. HTML and SVG work without JavaScript; when a pointer first comes near,
 * Chart.js is loaded and draws the same lines in the same position, with tooltips.
 */
export function LatencyChart({
  label,
  noData,
  lines,
  usual,
  axis,
}: Omit<LatencyPlot, 'top'> & {
  /** What it shows, in a sentence, for screen readers. A table with the same numbers belongs beside it. */
  label: string;
  /** The label of the time before the first measurement, when that is a good part of the range. */
  noData: ReactNode;
}) {
  const [wanted, setWanted] = useState(false);
  const printing = usePrinting();
  const own = lines[0] ?? { name: '', points: [] };
  const { top: needed, peak } = reach(lines);
  const ticks = evenTicks(reachOfUsual(usual, needed) || 1);
  const top = ticks.at(-1) ?? 1;
  const first = own.points.find(({ avg, loss }) => avg !== null || loss !== null);
  const before = first ? (first.time - axis.from) / (axis.to - axis.from) : 0;
  const plot = { lines, usual, axis, top };
  const shapes = <StaticLines {...plot} />;
  return (
    <PlotFrame
      axis={axis}
      ticks={ticks.map((tick) => ({ at: tick / top, label: formatLatency(tick) }))}
      label={label}
      onNear={() => setWanted(true)}
    >
      <PlotSvg className={styles.background}>
        {pathPieces(own).map(({ path, start, width }) => (
          <rect
            key={start}
            data-path={path}
            x={start * 1000}
            width={width * 1000}
            y="0"
            height="100"
          />
        ))}
      </PlotSvg>
      {before > 0.04 && <NoDataBefore share={before}>{noData}</NoDataBefore>}
      {wanted && !printing ? (
        <Suspense fallback={shapes}>
          <div className={styles.canvas}>
            <Canvas {...plot} />
          </div>
        </Suspense>
      ) : (
        shapes
      )}
      <PlotSvg className={styles.loss}>
        <path d={lossPath(own, axis)} />
      </PlotSvg>
      {peak > top && (
        <span className={styles.peak}>{t('ui.peaks', { latency: formatLatency(peak) })}</span>
      )}
    </PlotFrame>
  );
}

function StaticLines({ lines, usual, axis, top }: LatencyPlot) {
  const x = (time: number) => ((time + axis.stepMs / 2 - axis.from) / (axis.to - axis.from)) * 1000;
  const y = (ms: number) => 100 - (Math.min(ms, top) / top) * 100;
  return (
    <PlotSvg className={styles.lines}>
      {lines[0] && (
        <path className={styles.usual} d={bandPath(usualPoints(lines[0], usual), x, y)} />
      )}
      {lines[0] && <path className={styles.band} d={bandPath(lines[0].points, x, y)} />}
      {lines.map(({ name, points }, index) => {
        const style = lineStyle(index);
        return (
          <path
            key={name}
            d={linePath(points, x, y)}
            stroke={`var(${style.color})`}
            strokeDasharray={style.dashes.join(' ')}
          />
        );
      })}
    </PlotSvg>
  );
}

/**
 * Returns one stroke down from the top for each step that lost pings, its length by the share lost: a tenth to a third
 * of the height.
 */
function lossPath({ points }: LatencyLine, axis: LatencyPlot['axis']): string {
  const length = axis.to - axis.from;
  return points
    .filter(({ loss }) => loss)
    .map(({ time, loss }) => {
      const x = ((time + axis.stepMs / 2 - axis.from) / length) * 1000;
      return `M${Math.round(x * 10) / 10} 0v${Math.round(10 + (loss ?? 0) * 23)}`;
    })
    .join('');
}

/** The sample of a line in a legend. */
export function LineSample({ index }: { index: number }) {
  const style = lineStyle(index);
  return (
    <svg className={styles.sample} viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
      <path d="M0 4h24" stroke={`var(${style.color})`} strokeDasharray={style.dashes.join(' ')} />
    </svg>
  );
}

/** Formats a loss for a legend: `none`, or its share. */
export function lossWords(loss: number | null): string {
  if (loss === null) return '—';
  return loss === 0 ? t('ui.none') : formatShare(loss);
}
