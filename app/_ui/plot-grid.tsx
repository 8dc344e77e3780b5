import type { ReactNode } from 'react';
import styles from './plot-grid.module.css';

/** A tick of a y axis; `at` from 0 (bottom) to 1 (top). */
export type Tick = { at: number; label: string };

/** A y axis and its grid lines, in a gutter (`--gutter`) left of the drawing. */
export function PlotGrid({ ticks, children }: { ticks: readonly Tick[]; children: ReactNode }) {
  const bottom = (at: number) => ({ bottom: `${at * 100}%` });
  return (
    <>
      <div className={styles.y}>
        {ticks.map(({ at, label }) => (
          <span key={at} style={bottom(at)}>
            {label}
          </span>
        ))}
      </div>
      <div className={styles.plot}>
        {ticks.map(({ at }) => (
          <i key={at} style={bottom(at)} />
        ))}
        {children}
      </div>
    </>
  );
}

/** A drawing stretched to its plot: 1000 wide, 100 high, y downwards. */
export function PlotSvg({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <svg className={className} viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
      {children}
    </svg>
  );
}
