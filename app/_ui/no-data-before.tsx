import type { ReactNode } from 'react';
import styles from './no-data-before.module.css';

/** Shades the part of a plot before the first data, with a label. */
export function NoDataBefore({
  share,
  children,
}: {
  /** Of the axis, from 0 to 1. */
  share: number;
  children: ReactNode;
}) {
  return (
    <div className={styles.before} style={{ width: `${share * 100}%` }}>
      <span>{children}</span>
    </div>
  );
}
