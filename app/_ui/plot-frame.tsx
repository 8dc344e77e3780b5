'use client';

import type { ReactNode } from 'react';
import styles from './plot-frame.module.css';
import { PlotGrid, type Tick } from './plot-grid';
import { timeTicks } from './plot-scale';
import { useZone } from './zone';

/**
 * The frame of a drawing over time, with a y axis. Frames above one another share their gutter, so that one time axis
 * serves them all.
 */
export function PlotFrame({
  axis,
  ticks,
  label,
  height = 200,
  onNear,
  children,
}: {
  axis: { from: number; to: number };
  ticks: readonly Tick[];
  /** What is drawn, in a sentence. */
  label: string;
  /** Pixels. */
  height?: number;
  /** Called when a pointer comes near. */
  onNear?: () => void;
  children: ReactNode;
}) {
  const length = axis.to - axis.from;
  const zone = useZone();
  return (
    <div
      className={styles.frame}
      style={{ '--height': `${height}px` }}
      role="img"
      aria-label={label}
      data-plot
      onPointerEnter={onNear}
    >
      <PlotGrid ticks={ticks}>
        {timeTicks(axis.from, axis.to, 8, zone).map(({ time }) => (
          <b
            key={time}
            className={styles.time}
            style={{ left: `${((time - axis.from) / length) * 100}%` }}
          />
        ))}
        {children}
      </PlotGrid>
    </div>
  );
}

/** A drawing without a y axis, aligned with the frames. */
export function PlotLane({ children }: { children: ReactNode }) {
  return <div className={styles.lane}>{children}</div>;
}

/** This close to an end of the axis a centred label would be clipped. */
const EDGE = 0.03;

/** The time axis under the frames. */
export function TimeAxis({ axis }: { axis: { from: number; to: number } }) {
  const length = axis.to - axis.from;
  const zone = useZone();
  return (
    <div className={styles.x} aria-hidden="true">
      {timeTicks(axis.from, axis.to, 8, zone).map(({ time, label }) => {
        const at = (time - axis.from) / length;
        const edge = at < EDGE ? 'start' : at > 1 - EDGE ? 'end' : undefined;
        return (
          <span key={time} style={{ left: `${at * 100}%` }} data-edge={edge}>
            {label}
          </span>
        );
      })}
    </div>
  );
}
