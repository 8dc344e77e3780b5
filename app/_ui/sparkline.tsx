import styles from './sparkline.module.css';

const HEIGHT = 20;

/** A line of evenly spaced values from 0 up; nulls are gaps. It is drawn as wide as its container. */
export function Sparkline({
  values,
  label,
}: {
  values: readonly (number | null)[];
  /** The same in words. */
  label: string;
}) {
  const top = Math.max(1e-9, ...values.map((value) => value ?? 0)) * 1.05;
  const step = 100 / Math.max(1, values.length - 1);
  let path = '';
  let isDrawing = false;
  for (const [i, value] of values.entries()) {
    if (value === null) {
      isDrawing = false;
      continue;
    }
    const x = Math.round(i * step * 10) / 10;
    const y = Math.round((HEIGHT - (value / top) * (HEIGHT - 2)) * 10) / 10;
    // A value between two gaps is a dot: a line of no length, with round ends.
    path += isDrawing ? `L${x} ${y}` : `M${x} ${y}h0`;
    isDrawing = true;
  }
  return (
    <svg
      className={styles.line}
      viewBox={`0 0 100 ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={path} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
